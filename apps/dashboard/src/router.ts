import type { SessionView } from '@opsroom/contracts';
import { createRouter, createWebHistory } from 'vue-router';
import { whereInstead, type Visitor } from './stores/gate.js';
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
    {
      path: '/acknowledge',
      name: 'acknowledge',
      component: () => import('./pages/AcknowledgePage.vue'),
      meta: { title: 'Acknowledge', bare: true },
    },
    {
      path: '/receivers',
      name: 'receivers',
      component: () => import('./pages/ReceiversPage.vue'),
      meta: { title: 'Receivers' },
    },
    {
      path: '/rules/edit',
      name: 'rule-editor',
      component: () => import('./pages/RuleEditorPage.vue'),
      meta: { title: 'Edit rules' },
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
    { path: '/audit', name: 'audit', component: () => import('./pages/AuditPage.vue'), meta: { title: 'Audit' } },
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

router.beforeEach(async (to) => {
  const session = useSession();
  if (session.view === null) await session.load();
  return whereInstead(to, visitor(session.view));
});

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · Opsroom` : 'Opsroom';
});

function visitor(view: SessionView | null): Visitor {
  if (view === null) return 'unknown';
  if (view.identity) return 'identified';
  return view.setupNeeded ? 'first' : 'stranger';
}
