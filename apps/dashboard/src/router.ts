import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router';
import { useSession } from './stores/session.js';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown in the browser's tab. */
    title?: string;
    /** Pages before login: no header, no sockets. */
    bare?: boolean;
  }
}

/** The page's addresses. History mode stands under the document's base, which the server sets. */
export const router = createRouter({
  history: createWebHistory(new URL(document.baseURI).pathname),
  routes: [
    { path: '/', name: 'overview', component: () => import('./pages/OverviewPage.vue'), meta: { title: 'Overview' } },
    {
      path: '/explore',
      name: 'explore',
      component: () => import('./pages/ExplorePage.vue'),
      meta: { title: 'Explore' },
    },
    { path: '/alerts', name: 'alerts', component: () => import('./pages/AlertsPage.vue'), meta: { title: 'Alerts' } },
    {
      path: '/alerts/:fingerprint',
      name: 'war-room',
      component: () => import('./pages/WarRoomPage.vue'),
      meta: { title: 'Alert' },
    },
    {
      path: '/silences',
      name: 'silences',
      component: () => import('./pages/SilencesPage.vue'),
      meta: { title: 'Silences' },
    },
    { path: '/rules', name: 'rules', component: () => import('./pages/RulesPage.vue'), meta: { title: 'Rules' } },
    {
      path: '/sources',
      name: 'sources',
      component: () => import('./pages/SourcesPage.vue'),
      meta: { title: 'Sources' },
    },
    {
      path: '/account',
      name: 'account',
      component: () => import('./pages/AccountPage.vue'),
      meta: { title: 'Account' },
    },
    {
      path: '/accounts',
      name: 'accounts',
      component: () => import('./pages/AccountsPage.vue'),
      meta: { title: 'Accounts' },
    },
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/LoginPage.vue'),
      meta: { title: 'Log in', bare: true },
    },
    {
      path: '/setup',
      name: 'setup',
      component: () => import('./pages/SetupPage.vue'),
      meta: { title: 'Set up', bare: true },
    },
    {
      path: '/:rest(.*)*',
      name: 'not-found',
      component: () => import('./pages/NotFoundPage.vue'),
      meta: { title: 'Not found' },
    },
  ],
});

/** Strangers go to the login page and come back to where they wanted to be. */
router.beforeEach(async (to) => {
  const session = useSession();
  if (session.view === null) await session.load();
  return whereInstead(to, session.view !== null, session.identity !== null, session.view?.setupNeeded ?? false);
});

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · Opsroom` : 'Opsroom';
});

/** Where a visitor is sent instead of `to`; true lets them through. An unknown session (`known` false) lets pages say so themselves. */
export function whereInstead(
  to: Pick<RouteLocationNormalized, 'name' | 'fullPath' | 'query'>,
  known: boolean,
  identified: boolean,
  setupNeeded: boolean,
): true | RouteLocationRaw {
  if (to.name === 'setup' || !known) return true;
  if (to.name === 'login')
    return identified && to.query['stay'] === undefined ? { path: safeNext(to.query['next']) } : true;
  if (identified) return true;
  if (setupNeeded) return { name: 'setup' };
  return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
}

/** A path of this page, never another site's address. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
