import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { killSwitchQuery, pendingApprovalsQuery, settingsQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Confirmed } from '../../kit/confirmed.tsx';
import { counted } from '../../kit/counted.ts';
import { deedName } from '../../kit/deed-name.ts';
import { Answer, Fault, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const readReport = () => dataOf(api.GET('/api/kill-switch'));
type Report = Awaited<ReturnType<typeof readReport>>;

/** Stops all that is done by itself, and takes back what stands: says what that is, and asks first. */
export function KillSwitch() {
  const report = useQuery(killSwitchQuery);
  return (
    <Panel title="Kill switch" aside="holds at once, everywhere; audited">
      <Answer query={report}>{(now) => <Turn now={now} />}</Answer>
    </Panel>
  );
}

function Turn({ now }: { now: Report }) {
  const queries = useQueryClient();
  const waiting = useQuery(pendingApprovalsQuery).data;
  const turn = useMutation({
    mutationFn: (on: boolean) => dataOf(api.POST('/api/kill-switch', { body: { on } })),
    // Adaptations, actions and questions have other states now.
    onSettled: () =>
      Promise.all(
        [settingsQuery.queryKey, pendingApprovalsQuery.queryKey, ['list']].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const asked = `${counted(waiting?.data.length ?? 0, 'question')}${waiting?.next_cursor ? ' or more' : ''}`;
  return (
    <div id="kill-switch" className="grid justify-items-start gap-2 text-[0.85rem]">
      <p>
        {now.on ? <Badge tone="bg-high-ground text-high">■ on</Badge> : <Badge>off</Badge>}{' '}
        {now.on ? 'Nothing is begun, by a rule or by hand. People are still told.' : 'What the rules decide is done.'}
      </p>
      <Standing now={now} />
      {now.on ? (
        <Confirmed
          question="New decisions will be carried out again; what was undone stays undone. Turn it off?"
          needs="operator in approvals"
          disabled={turn.isPending}
          onConfirm={() => turn.mutate(false)}
        >
          Turn it off
        </Confirmed>
      ) : (
        <Confirmed
          question={`This takes back ${counted(now.standing, 'thing')} that ${now.standing === 1 ? 'stands' : 'stand'}, calls off ${asked} that nobody answered and whatever waits to be done, and lets nothing begin. Stop everything?`}
          needs="operator in approvals"
          disabled={turn.isPending}
          onConfirm={() => turn.mutate(true)}
        >
          ■ Stop everything …
        </Confirmed>
      )}
      {turn.isPending && (
        <p className="text-soft">{turn.variables ? 'Taking back what stands …' : 'Turning it off …'}</p>
      )}
      {turn.data?.on && (
        <p role="status" className="text-low">
          ✓ {counted(turn.data.undone, 'thing')} taken back, {counted(turn.data.approvals_cancelled, 'question')} and{' '}
          {counted(turn.data.jobs_cancelled, 'job')} called off
        </p>
      )}
      {turn.error && <Fault error={turn.error} />}
    </div>
  );
}

/** What it would take back, or could not take back yet. */
function Standing({ now: { on, standing, kept, standing_things } }: { now: Report }) {
  const further = standing - standing_things.length;
  return (
    <div>
      <p className="text-soft">
        {standing === 0
          ? 'Nothing stands that could be taken back.'
          : `${on ? 'Not taken back yet, tried again every few seconds' : 'It would take back'}:`}
      </p>
      <ul>
        {standing_things.map(({ type, what, place, undo_error }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows without an id, drawn anew at each answer
          <li key={`${at} ${type} ${what}`}>
            {deedName(what)} at <Untrusted text={place} mono max={80} />
            {undo_error !== null && (
              <span className="text-high">
                : <Untrusted text={undo_error} max={300} />
              </span>
            )}
          </li>
        ))}
        {further > 0 && <li>and {further.toLocaleString()} more, listed under Decisions</li>}
      </ul>
      {kept > 0 && (
        <p className="text-soft">
          {counted(kept, 'trap')} more {kept === 1 ? 'stays' : 'stay'} in{' '}
          {kept === 1 ? 'its attacker\u2019s' : 'their attackers\u2019'} own world: a file that vanishes would tell him.
        </p>
      )}
    </div>
  );
}
