import type { DryRunReport, PolicyRecord } from '@cerberusmesh/contract/api-policy';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, dataOf } from '../../api/ask.ts';
import { Button } from '../../kit/form.tsx';
import { SessionLink } from '../../kit/links.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';

const policyQuery = queryOptions({ queryKey: ['policy'], queryFn: () => dataOf(api.GET('/api/policy')) });
const dayMs = 86_400_000;

/** The rules in force; others can be tried on the last 24 hours before they are written into the file. */
export function PolicyInForce() {
  const policy = useQuery(policyQuery);
  return <Answer query={policy}>{(record) => <TryPolicy key={record.version} record={record} />}</Answer>;
}

function TryPolicy({ record }: { record: PolicyRecord }) {
  const [text, setText] = useState(() => JSON.stringify(record.policy, null, 2));
  const queries = useQueryClient();
  const tryIt = useMutation({
    mutationFn: async () =>
      await dataOf(
        api.POST('/api/policy/dry-run', {
          body: { policy: JSON.parse(text), from: new Date(Date.now() - dayMs).toISOString() },
        }),
      ),
  });
  const reload = useMutation({
    mutationFn: () => dataOf(api.POST('/api/policy/reload')),
    onSettled: () => queries.invalidateQueries({ queryKey: policyQuery.queryKey }),
  });
  const error = tryIt.error ?? reload.error;
  return (
    <>
      <Panel title="Policy" aside={`in force: ${record.version}`}>
        <label htmlFor="policy" className="text-[0.85rem] text-soft">
          Change it here to see what it would have done; what holds is the policy's file.
        </label>
        <textarea
          id="policy"
          value={text}
          onChange={({ target }) => setText(target.value)}
          spellCheck={false}
          className="mt-1 h-[28rem] w-full rounded border border-line bg-card p-2 font-mono text-[0.75rem]"
        />
        <p className="mt-2 flex flex-wrap gap-2">
          <Button needs="operator in policy" disabled={tryIt.isPending} onClick={() => tryIt.mutate()} isMain>
            {tryIt.isPending ? 'Trying …' : 'What would it have done in the last 24 hours?'}
          </Button>
          <Button needs="admin in policy" disabled={reload.isPending} onClick={() => reload.mutate()}>
            Read the file again
          </Button>
        </p>
        {error && <Fault error={error} />}
        {reload.data && <p className="text-low">✓ {reload.data.version} holds</p>}
      </Panel>
      <Panel title="The last 24 hours under it">
        {tryIt.data ? <Would report={tryIt.data} /> : <p className="text-soft">Not tried yet.</p>}
      </Panel>
    </>
  );
}

function Would({ report }: { report: DryRunReport }) {
  const kinds = [...new Set([...Object.keys(report.recorded), ...Object.keys(report.would)])].sort();
  return (
    <>
      <p>
        {report.sessions.toLocaleString()} sessions, {report.moments.toLocaleString()} moments decided on again
        {report.complete ? '' : ' (the period held more than was read)'}; {report.sessions_changed.toLocaleString()}{' '}
        sessions would have ended otherwise.
      </p>
      <table className="mt-2 w-full text-left text-[0.85rem] tabular-nums">
        <thead className="text-soft">
          <tr>
            <th scope="col">Decision</th>
            <th scope="col">was</th>
            <th scope="col">would be</th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row" className="font-normal">
                {kind}
              </th>
              <td>{report.recorded[kind] ?? 0}</td>
              <td>{report.would[kind] ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-[0.85rem] text-soft">
        Kept from being done:{' '}
        {Object.entries(report.kept_from)
          .map(([guard, count]) => `${guard} ${count}`)
          .join(', ') || 'nothing'}
      </p>
      <ul className="mt-2 divide-y divide-line text-[0.85rem]">
        {report.changes.map((change) => (
          <li key={`${change.at} ${change.session_id}`} className="flex flex-wrap gap-2 py-1">
            <Moment iso={change.at} />
            <SessionLink sessionId={change.session_id} sensor={change.sensor} />
            <span>
              {change.recorded.join(', ') || 'nothing'} → {change.would.join(', ') || 'nothing'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
