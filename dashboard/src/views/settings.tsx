import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { meQuery, parkedQuery, statusQuery } from '../api/queries.ts';
import { Badge } from '../kit/badge.tsx';
import { Columns } from '../kit/columns.tsx';
import { Facts } from '../kit/facts.tsx';
import { useRefusal } from '../kit/may.ts';
import { age, bytes, Moment } from '../kit/moment.tsx';
import { Answer, Panel, Quiet } from '../kit/panel.tsx';
import type { Needed } from '../kit/refusal.ts';
import { Untrusted } from '../kit/untrusted.tsx';
import { KillSwitch } from './decisions/kill-switch.tsx';
import { SourceHealth } from './now/source-health.tsx';
import { AllowList } from './settings/allow-list.tsx';
import { Audit } from './settings/audit.tsx';
import { ChangeSettings } from './settings/change-settings.tsx';
import { Channels } from './settings/channels.tsx';
import { Doctor } from './settings/doctor.tsx';
import { PolicyInForce } from './settings/policy.tsx';
import { RetentionPanel } from './settings/retention.tsx';
import { Sensors } from './settings/sensors.tsx';
import { Tokens } from './settings/tokens.tsx';
import { Users } from './settings/users.tsx';

interface Part {
  readonly name: string;
  /** Who has it not is told so, instead of each of its panels being refused. */
  readonly needs?: Needed;
  readonly panels: readonly ComponentType[];
}

const parts: ReadonlyMap<string, Part> = new Map<string, Part>([
  [
    'engine',
    { name: 'Engine', panels: [KillSwitch, ChangeSettings, Engine, SourceHealth, Doctor, RetentionPanel, Parked] },
  ],
  ['sensors', { name: 'Sensors', panels: [Sensors] }],
  ['policy', { name: 'Policy', panels: [PolicyInForce, AllowList] }],
  ['channels', { name: 'Channels', panels: [Channels] }],
  ['people', { name: 'People and tokens', needs: 'admin in users', panels: [Users, Tokens] }],
  ['audit', { name: 'Audit', needs: 'operator in audit', panels: [Audit] }],
]);

/** What may be changed while the engine runs, how it does, who may come in, and who did what. */
export function SettingsView() {
  const { part = 'engine' } = useSearch({ from: '/shell/settings' });
  const shown = parts.get(part);
  const refusal = useRefusal(shown?.needs);
  const Around = shown?.panels.length === 1 ? OneUnderTheOther : Columns;
  // Its panels would ask before it is known whether they may.
  const isAsking = useQuery(meQuery).isPending && shown?.needs !== undefined;
  return (
    <>
      <nav aria-label="Parts of the settings" className="mb-3 flex flex-wrap gap-1">
        {[...parts].map(([id, { name }]) => (
          <Link
            key={id}
            to="/settings"
            search={{ part: id }}
            aria-current={part === id ? 'page' : undefined}
            className={`rounded px-2 py-1 ${part === id ? 'bg-accent-ground text-accent' : 'text-soft hover:text-text'}`}
          >
            {name}
          </Link>
        ))}
      </nav>
      <Around>
        {isAsking ? (
          <Quiet>Loading …</Quiet>
        ) : refusal !== undefined && shown ? (
          <Panel title={shown.name}>
            <Quiet>{refusal}</Quiet>
          </Panel>
        ) : (
          shown?.panels.map((Each) => <Each key={Each.name} />)
        )}
        {!shown && <Quiet>There is no such part of the settings.</Quiet>}
      </Around>
    </>
  );
}

function OneUnderTheOther({ children }: { children: ReactNode }) {
  return <div className="grid gap-3">{children}</div>;
}

function Engine() {
  const status = useQuery(statusQuery);
  return (
    <Panel title="Engine">
      <Answer query={status}>
        {(it) => (
          <>
            <Facts
              facts={[
                ['Version', it.version],
                ['Running for', age(it.uptime_seconds)],
                ['Memory', bytes(it.memory_bytes)],
                ['Roles', it.roles.join(', ')],
                ['Jobs', `${it.jobs_waiting ?? '–'} waiting, ${it.jobs_failed ?? '–'} failed`],
                ['Policy', it.policy_version ?? '–'],
                ['Models', it.model_version ?? 'none has judged yet'],
                ['Dry run', it.dry_run ? 'yes: nothing is touched' : 'no'],
              ]}
            />
            <h3 className="mt-3 font-semibold">Honeypots</h3>
            {it.sensors.length === 0 && (
              <p className="text-[0.85rem] text-soft">
                No Cowrie is prepared: <code className="font-mono">cerberus prepare</code> makes one ready to be
                changed. One on another machine is enrolled under Sensors; what our own decoys see is under Sources.
              </p>
            )}
            <ul className="text-[0.85rem]">
              {it.sensors.map((sensor) => (
                <li key={sensor.sensor} className="flex flex-wrap items-baseline gap-2 py-0.5">
                  <Untrusted text={sensor.sensor} mono max={80} />
                  <span className="text-soft">{sensor.kind}</span>
                  {sensor.prepared ? (
                    <Badge tone="bg-low-ground text-low">prepared</Badge>
                  ) : (
                    <Badge>not prepared</Badge>
                  )}
                  {sensor.last_seen !== null && <Moment iso={sensor.last_seen} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Parked() {
  const parked = useInfiniteQuery(parkedQuery({ limit: 20 }));
  return (
    <Panel title="Parked lines" aside="what could not be read is kept">
      <Answer query={parked} isEmpty={({ pages }) => pages[0]?.data.length === 0} empty="Every line could be read.">
        {({ pages }) => (
          <ul className="divide-y divide-line">
            {pages[0]?.data.map((line) => (
              <li key={line.id} className="py-1 text-[0.85rem]">
                <Moment iso={line.parked_at} /> <strong>{line.reason}</strong>{' '}
                <Untrusted text={line.explanation} max={300} />
                <div>
                  <Untrusted text={line.text} mono max={200} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  );
}
