/** A page with the keys that lead there. */
export interface NavigationItem {
  readonly to: string;
  readonly label: string;
  readonly keys: string;
}

/** The pages that the header offers. */
export const NAVIGATION: readonly NavigationItem[] = [
  { to: '/', label: 'Overview', keys: 'g o' },
  { to: '/explore', label: 'Explore', keys: 'g e' },
  { to: '/alerts', label: 'Alerts', keys: 'g a' },
  { to: '/silences', label: 'Silences', keys: 'g s' },
  { to: '/rules', label: 'Rules', keys: 'g r' },
  { to: '/sources', label: 'Sources', keys: 'g d' },
];

/** The pages that are needed seldom: in the menu, the search and the keys, not in the header. */
export const MENU_PAGES: readonly NavigationItem[] = [
  { to: '/receivers', label: 'Receivers', keys: 'g n' },
  { to: '/audit', label: 'Audit', keys: 'g u' },
];
