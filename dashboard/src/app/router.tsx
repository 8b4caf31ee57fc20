import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { Fault, Quiet } from '../kit/panel.tsx';
import { Now } from '../views/now.tsx';
import { filtersOf, readSearch, writeSearch } from './filters.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  notFoundComponent: () => <Quiet>There is no such view.</Quiet>,
});

/** A link in a notice leads here; it is its own permission, so nobody is asked for a token. */
const approve = createRoute({
  getParentRoute: () => root,
  path: '/approve/$token',
  component: lazyRouteComponent(() => import('../views/approve.tsx'), 'Approve'),
});

/** A link that is good once: whoever opens it chooses his password. */
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome/$token',
  component: lazyRouteComponent(() => import('../views/welcome.tsx'), 'Welcome'),
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const routes = [
  createRoute({
    getParentRoute: () => shell,
    path: '/',
    validateSearch: filtersOf(['hide', 'probes']),
    component: Now,
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/events',
    validateSearch: filtersOf([
      'q',
      'columns',
      'severity',
      'source_ip',
      'event_type',
      'session_id',
      'sensor',
      'from',
      'to',
    ]),
    component: lazyRouteComponent(() => import('../views/explore.tsx'), 'Explore'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/events/$eventId',
    component: lazyRouteComponent(() => import('../views/event.tsx'), 'EventView'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/sessions',
    validateSearch: filtersOf(['q', 'severity', 'source_ip', 'sensor', 'active', 'successful_login', 'from', 'to']),
    component: lazyRouteComponent(() => import('../views/sessions.tsx'), 'Sessions'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/sessions/$sessionId',
    validateSearch: filtersOf(['sensor']),
    component: lazyRouteComponent(() => import('../views/session.tsx'), 'SessionView'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/attackers',
    validateSearch: filtersOf(['q', 'sort', 'threat_level', 'country', 'asn', 'scanner']),
    component: lazyRouteComponent(() => import('../views/attackers.tsx'), 'Attackers'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/attackers/$address',
    component: lazyRouteComponent(() => import('../views/attacker.tsx'), 'AttackerView'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns',
    validateSearch: filtersOf(['severity', 'min_sessions', 'from', 'to']),
    component: lazyRouteComponent(() => import('../views/campaigns.tsx'), 'Campaigns'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/$campaignId',
    component: lazyRouteComponent(() => import('../views/campaign.tsx'), 'CampaignView'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/decisions',
    validateSearch: filtersOf(['verdict', 'status']),
    component: lazyRouteComponent(() => import('../views/decisions.tsx'), 'Decisions'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/matrix',
    component: lazyRouteComponent(() => import('../views/matrix.tsx'), 'Matrix'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/history',
    validateSearch: filtersOf(['days']),
    component: lazyRouteComponent(() => import('../views/history.tsx'), 'HistoryView'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/lures',
    component: lazyRouteComponent(() => import('../views/lures.tsx'), 'Lures'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/models',
    component: lazyRouteComponent(() => import('../views/models.tsx'), 'Models'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/account',
    component: lazyRouteComponent(() => import('../views/account.tsx'), 'Account'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/settings',
    validateSearch: filtersOf(['part', 'actor', 'action', 'subject']),
    component: lazyRouteComponent(() => import('../views/settings.tsx'), 'SettingsView'),
  }),
] as const;

/**
 * Places are told after the `#`: the engine answers `/events`, `/decisions` and `/status` itself, since the seeds name
 * them so, and an address that a person copies holds all that he saw.
 */
export const router = createRouter({
  routeTree: root.addChildren([approve, welcome, shell.addChildren(routes)]),
  history: createHashHistory(),
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  defaultPendingMs: 100,
  // A fault of ours in one view leaves the others, and the way to them.
  defaultErrorComponent: ({ error, reset }) => (
    <Fault error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
  ),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
