import type { AttackerProfile } from '@cerberusmesh/contract/api-attacker-desk';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { SeverityBadge } from '../../kit/badge.tsx';
import { counted } from '../../kit/counted.ts';
import { DayBars } from '../../kit/day-bars.tsx';
import { AttackerLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Panel, Quiet } from '../../kit/panel.tsx';
import { Shape } from '../../kit/shape.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** What he tried to get in with; of a busy one, of his latest events. */
export function Credentials({ profile: { credentials, events_read } }: { profile: AttackerProfile }) {
  return (
    <Panel title="Credentials it tried" aside={`of the latest ${counted(events_read, 'event')}`}>
      <Rows items={credentials} keyOf={(tried) => JSON.stringify([tried.username, tried.password])} empty="None.">
        {({ username, password, attempts, successes }) => (
          <>
            <span className="min-w-0">
              <Untrusted text={username} mono max={120} /> <span className="text-soft">/</span>{' '}
              {password === null ? (
                <span className="text-soft">no password</span>
              ) : (
                <Untrusted text={password} mono max={120} />
              )}
              {successes > 0 && <strong className="text-medium"> ✓ got in</strong>}
            </span>
            <span className="tabular-nums">{attempts.toLocaleString()}</span>
          </>
        )}
      </Rows>
    </Panel>
  );
}

/** What it called itself, and its HASSH. */
export function Clients({ profile: { clients, sessions_read } }: { profile: AttackerProfile }) {
  return (
    <Panel title="Clients" aside={`of the latest ${counted(sessions_read, 'session')}`}>
      <Rows
        items={clients}
        keyOf={(client) => JSON.stringify([client.client_version, client.hassh])}
        empty="None said what it is."
      >
        {({ client_version, hassh, sessions }) => (
          <>
            <span className="min-w-0">
              <Untrusted text={client_version ?? '–'} mono max={120} />
              {hassh !== null && (
                <Link
                  to="/sessions"
                  search={{ q: `hassh:${JSON.stringify(hassh)}` }}
                  title="Sessions of this HASSH"
                  className="break-anywhere block font-mono text-[0.72rem] text-soft hover:underline"
                >
                  <Untrusted text={hassh} max={64} />
                </Link>
              )}
            </span>
            <span className="tabular-nums">{sessions.toLocaleString()}</span>
          </>
        )}
      </Rows>
    </Panel>
  );
}

/** Each technique with the days on which it was seen. */
export function TechniquesByDay({ profile: { techniques, sessions_read } }: { profile: AttackerProfile }) {
  return (
    <Panel title="Techniques by day" aside={`sessions, of the latest ${sessions_read.toLocaleString()}`}>
      <Rows items={techniques} keyOf={({ technique }) => technique} empty="It showed none.">
        {({ technique, name, sessions, days }) => (
          <>
            <span className="min-w-0 flex-1">
              <span className="font-mono text-[0.75rem] text-soft">{technique}</span> {name}
            </span>
            <span className="w-24 shrink-0">
              <DayBars
                values={days.map((day) => ({ name: day.day, value: day.sessions }))}
                label={`${name} by day, ${days.length} days`}
              />
            </span>
            <span className="w-12 text-right tabular-nums">{sessions.toLocaleString()}</span>
          </>
        )}
      </Rows>
    </Panel>
  );
}

/** The campaigns of its sessions, and who else is in them. */
export function CampaignsOf({ profile: { campaigns, others } }: { profile: AttackerProfile }) {
  return (
    <Panel title="Campaigns">
      <Rows items={campaigns} keyOf={({ id }) => id} empty="In none; sessions are folded when they have ended.">
        {(campaign) => (
          <>
            <Link
              to="/campaigns/$campaignId"
              params={{ campaignId: campaign.id }}
              className="min-w-0 basis-full hover:underline"
            >
              <Shape text={campaign.name} max={120} />
            </Link>
            <SeverityBadge severity={campaign.severity} />
            <span className="text-soft">
              {counted(campaign.sessions, 'session')}, {counted(campaign.addresses, 'address', 'addresses')}
            </span>
          </>
        )}
      </Rows>
      {others.length > 0 && (
        <>
          <h3 className="mt-3 font-semibold">Other addresses of these</h3>
          <Rows items={others} keyOf={({ ip_address }) => ip_address} empty="">
            {({ ip_address, sessions }) => (
              <>
                <AttackerLink address={ip_address} />
                <span className="tabular-nums">{counted(sessions, 'session')}</span>
              </>
            )}
          </Rows>
        </>
      )}
    </Panel>
  );
}

/** Absent where he left nothing. */
export function Worlds({ profile: { worlds } }: { profile: AttackerProfile }) {
  if (worlds.length === 0) return null;
  return (
    <Panel title="Worlds" aside="what it left in our decoys, and finds again">
      <Rows items={worlds} keyOf={({ sensor, world }) => `${sensor} ${world}`} empty="">
        {({ sensor, world, files, entered_at }) => (
          <>
            <span className="min-w-0">
              <Untrusted text={sensor} mono max={60} />{' '}
              <span className="text-soft">
                as <Untrusted text={world} max={60} />
              </span>
            </span>
            <span className="text-soft">
              {counted(files, 'file')} changed, entered <Moment iso={entered_at} />
            </span>
          </>
        )}
      </Rows>
    </Panel>
  );
}

function Rows<Item>({
  items,
  keyOf,
  empty,
  children,
}: {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  empty: string;
  children: (item: Item) => ReactNode;
}) {
  if (items.length === 0) return <Quiet>{empty}</Quiet>;
  return (
    <ul className="divide-y divide-line text-[0.85rem]">
      {items.map((item) => (
        <li key={keyOf(item)} className="flex flex-wrap items-baseline justify-between gap-x-2 py-1">
          {children(item)}
        </li>
      ))}
    </ul>
  );
}
