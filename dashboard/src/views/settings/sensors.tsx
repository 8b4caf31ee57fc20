import type { SensorRecord } from '@cerberusmesh/contract/api-sensors';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api, dataOf } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { Confirmed } from '../../kit/confirmed.tsx';
import { Button, Field } from '../../kit/form.tsx';
import { age, bytes, Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const refreshMs = 10_000;
const sensorsQuery = queryOptions({
  queryKey: ['sensors'],
  queryFn: () => dataOf(api.GET('/api/sensors')),
  refetchInterval: refreshMs,
});

/** Honeypots on other machines: how each is, and the way in for another one and out for good. */
export function Sensors() {
  const sensors = useQuery(sensorsQuery);
  const queries = useQueryClient();
  const again = { onSettled: () => queries.invalidateQueries({ queryKey: sensorsQuery.queryKey }) };
  const revoke = useMutation({
    mutationFn: (sensor: string) => api.DELETE('/api/sensors/{sensor}', { params: { path: { sensor } } }),
    ...again,
  });
  return (
    <>
      <Panel title="Sensors" aside="beside honeypots on other machines, and launched ones">
        <Answer
          query={sensors}
          isEmpty={({ data }) => data.length === 0}
          empty="None yet. Invite one, then run the command that is shown beside the honeypot."
        >
          {({ data }) => (
            <ul id="sensors" className="divide-y divide-line">
              {data.map((sensor) => (
                <li key={sensor.sensor} className="py-1.5">
                  <SensorRow sensor={sensor} onRevoke={() => revoke.mutate(sensor.sensor)} />
                </li>
              ))}
            </ul>
          )}
        </Answer>
        {revoke.error && <Fault error={revoke.error} />}
      </Panel>
      <Invite onDone={again.onSettled} />
    </>
  );
}

function SensorRow({ sensor: it, onRevoke }: { sensor: SensorRecord; onRevoke: () => void }) {
  const { heartbeat } = it;
  return (
    <div className="grid gap-0.5">
      <div className="flex flex-wrap items-baseline gap-2">
        <strong>
          <Untrusted text={it.sensor} mono max={80} />
        </strong>
        <State sensor={it} />
        <span className="text-soft">
          {it.kind} <Untrusted text={it.place} max={100} />
        </span>
        {it.kind === 'mesh' && it.revoked_at === null && (
          <Confirmed
            needs="admin in sources"
            question={`Take nothing more from ${it.sensor}, at once?`}
            onConfirm={onRevoke}
          >
            Revoke
          </Confirmed>
        )}
      </div>
      <div className="text-[0.85rem] text-soft">
        {it.last_seen === null ? (
          'never seen'
        ) : (
          <>
            seen <Moment iso={it.last_seen} />
          </>
        )}
        {it.clock_skew_ms !== null && ` · clock ${toldSkew(it.clock_skew_ms)}`}
        {heartbeat && (
          <>
            {' '}
            · version <Untrusted text={heartbeat.version} max={64} /> · {bytes(heartbeat.log.unreadBytes)} unread ·{' '}
            {bytes(heartbeat.spool.bytes)} of {bytes(heartbeat.spool.bytesMax)} waiting ·{' '}
            {heartbeat.lost.bytes === 0 ? 'nothing lost' : `${bytes(heartbeat.lost.bytes)} lost`} ·{' '}
            {bytes(heartbeat.rssBytes)} memory · {heartbeat.prepared ? 'can be adapted' : 'not prepared: only read'}
          </>
        )}
      </div>
      {heartbeat && heartbeat.log.problem !== null && (
        <div className="text-[0.85rem] text-high">
          <Untrusted text={heartbeat.log.problem} max={300} />
        </div>
      )}
    </div>
  );
}

function State({ sensor }: { sensor: SensorRecord }) {
  if (sensor.revoked_at !== null) return <Badge>revoked</Badge>;
  if (sensor.alert !== null) return <Badge tone="bg-high-ground text-high">▲ {sensor.alert}</Badge>;
  if (sensor.kind === 'mesh' && sensor.enrolled_at === null)
    return <Badge tone="bg-medium-ground text-medium">◆ invited</Badge>;
  return sensor.last_seen === null ? <Badge>○ silent</Badge> : <Badge tone="bg-low-ground text-low">● well</Badge>;
}

/** `toldSkew(-1500)` is `1500 ms behind`. */
function toldSkew(ms: number): string {
  if (ms === 0) return 'as ours';
  const size = Math.abs(ms) < 10_000 ? `${Math.round(Math.abs(ms))} ms` : age(Math.abs(ms) / 1000);
  return `${size} ${ms > 0 ? 'ahead' : 'behind'}`;
}

function Invite({ onDone }: { onDone: () => unknown }) {
  const invite = useMutation({
    mutationFn: (sensor: string) => dataOf(api.POST('/api/sensors', { body: { sensor } })),
    onSettled: () => void onDone(),
  });

  function submit(submission: FormEvent<HTMLFormElement>) {
    submission.preventDefault();
    invite.mutate(String(new FormData(submission.currentTarget).get('sensor')).trim());
  }

  return (
    <Panel title="Another sensor">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
        <Field name="sensor" label="Its name" pattern="[a-z0-9][a-z0-9._\-]{0,62}" placeholder="north-1" required />
        <Button type="submit" needs="admin in sources" disabled={invite.isPending}>
          Invite
        </Button>
      </form>
      {invite.error && <Fault error={invite.error} />}
      {invite.data && (
        <div className="mt-3 grid gap-1">
          <p>Shown this once, good once, for a day. Beside the honeypot, with this machine's address:</p>
          <pre className="break-anywhere whitespace-pre-wrap rounded bg-sunken p-2 font-mono text-[0.8rem]">
            {`cerberus sensor enrol https://HUB:PORT --token ${invite.data.token} --fingerprint ${invite.data.fingerprint}`}
          </pre>
        </div>
      )}
    </Panel>
  );
}
