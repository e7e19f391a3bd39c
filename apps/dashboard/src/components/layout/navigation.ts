/** The pages that the header offers, with the keys that lead there. */
export const NAVIGATION = [
  { to: '/', label: 'Overview', keys: 'g o' },
  { to: '/explore', label: 'Explore', keys: 'g e' },
  { to: '/alerts', label: 'Alerts', keys: 'g a' },
  { to: '/silences', label: 'Silences', keys: 'g s' },
  { to: '/rules', label: 'Rules', keys: 'g r' },
  { to: '/sources', label: 'Sources', keys: 'g d' },
] as const;
