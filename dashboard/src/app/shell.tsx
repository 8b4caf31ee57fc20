import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { enterByCookie, leave } from '../api/enter.ts';
import { entrance } from '../api/entrance.ts';
import { healthQuery, settingsQuery } from '../api/queries.ts';
import { useFeed, useOpenFeed } from '../live/use-feed.ts';
import { KeysHelp } from './keys-help.tsx';
import { useShortcuts } from './shortcuts.ts';
import { SignIn } from './sign-in.tsx';
import { chooseTheme, currentTheme } from './theme.ts';
import { usePlaceInSight } from './use-place-in-sight.ts';
import { useTitle } from './use-title.ts';

const places = [
  { to: '/', name: 'Now', key: 'n' },
  { to: '/events', name: 'Explore', key: 'e' },
  { to: '/sessions', name: 'Sessions', key: 's' },
  { to: '/attackers', name: 'Attackers', key: 'a' },
  { to: '/campaigns', name: 'Campaigns', key: 'c' },
  { to: '/decisions', name: 'Decisions', key: 'd' },
  { to: '/lures', name: 'Lures', key: 'l' },
  { to: '/matrix', name: 'ATT&CK', key: 'm' },
  { to: '/history', name: 'History', key: 'h' },
  { to: '/models', name: 'Models', key: 'o' },
  { to: '/settings', name: 'Settings', key: 't' },
] as const;

/** What stands around every view; for who is not let in it is the sign-in. */
export function Shell() {
  const state = useSyncExternalStore(entrance.subscribe, entrance.read);
  useEffect(() => {
    if (state === 'asking') void enterByCookie();
  }, [state]);
  if (state === 'asking') return null;
  return state === 'out' ? <SignIn /> : <SignedIn />;
}

function SignedIn() {
  useOpenFeed();
  useShortcuts(places);
  useTitle(places);
  const nav = usePlaceInSight();
  const shown = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.href });
  return (
    <>
      <a href="#main" className="sr-only focus:not-sr-only">
        Skip to content
      </a>
      <header className="z-10 flex sm:sticky sm:top-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-card px-3 py-1.5">
        <Link to="/" className="flex items-center gap-1.5 font-bold tracking-tight">
          <img src="/icon.svg" alt="" className="size-5" />
          <span className="max-sm:sr-only">CerberusMesh</span>
        </Link>
        <nav
          ref={nav}
          aria-label="Views"
          className="flex gap-x-0.5 text-[0.85rem] max-sm:order-last max-sm:w-full max-sm:overflow-x-auto max-sm:pr-8 max-sm:[mask-image:linear-gradient(to_right,black_88%,transparent)] sm:flex-wrap"
        >
          {places.map(({ to, name, key }) => (
            <Link
              key={to}
              to={to}
              title={`${name} (g ${key})`}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className="shrink-0 rounded px-1.5 py-1 text-soft xl:px-2 hover:text-text data-[status=active]:bg-accent-ground data-[status=active]:text-accent"
            >
              {name}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1.5 text-[0.8rem]">
          <KillSwitchNotice />
          <LiveState />
          <ThemeSwitch />
          <KeysHelp places={places} />
          <Link to="/account" title="You: password, authenticator" className="rounded px-1 hover:underline">
            You
          </Link>
          <button type="button" className="rounded border border-line px-2 py-0.5" onClick={() => void leave()}>
            Leave
          </button>
        </div>
      </header>
      {/* The old view stands until the next one is read: `data-shows` says whose this is, to whoever drives the page. */}
      <main id="main" data-shows={shown} className="mx-auto max-w-[110rem] p-3 min-[200rem]:max-w-[156rem]">
        <Outlet />
      </main>
    </>
  );
}

function LiveState() {
  const state = useFeed((feed) => feed.state);
  const eventsPerSecond = useFeed((feed) => feed.eventsPerSecond);
  const dropped = useFeed((feed) => feed.dropped);
  const { data: health, error } = useQuery(healthQuery);
  const isGood = state === 'open' && health?.status === 'healthy';
  const words =
    state === 'refused'
      ? 'token refused'
      : state !== 'open'
        ? 'reconnecting …'
        : health === undefined
          ? error
            ? 'live, health not known'
            : 'live'
          : health.status === 'healthy'
            ? 'live'
            : health.status;
  return (
    <Link
      to="/settings"
      id="connection"
      data-state={isGood ? 'good' : 'bad'}
      className={`rounded px-2 py-0.5 ${isGood ? 'bg-low-ground text-low' : 'bg-medium-ground text-medium'}`}
      title={health ? `database ${health.database}, log watcher ${health.logWatcher}` : 'Waiting for the engine'}
    >
      {isGood ? '●' : '◆'} {words}
      {eventsPerSecond > 0 && <span className="tabular-nums"> · {eventsPerSecond}/s</span>}
      {dropped > 0 && <span title="The live view left these out; lists have them"> · {dropped} skipped</span>}
    </Link>
  );
}

function KillSwitchNotice() {
  const settings = useQuery(settingsQuery).data;
  if (!settings?.CERBERUS_KILL_SWITCH) return null;
  return (
    <Link to="/decisions" className="rounded bg-high-ground px-2 py-0.5 font-semibold text-high">
      ■ kill switch on: nothing is done
    </Link>
  );
}

function ThemeSwitch() {
  const [theme, setTheme] = useState(currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="rounded border border-line px-2 py-0.5"
      onClick={() => {
        chooseTheme(other);
        setTheme(other);
      }}
    >
      {theme === 'dark' ? '☀' : '☾'} {other}
    </button>
  );
}
