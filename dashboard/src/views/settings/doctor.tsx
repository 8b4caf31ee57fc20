import { useMutation } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/form.tsx';
import { Fault, Panel } from '../../kit/panel.tsx';

const states = {
  sound: { tone: 'bg-low-ground text-low', words: '✓ sound' },
  off: { tone: undefined, words: '– off' },
  fault: { tone: 'bg-high-ground text-high', words: '✗ fault' },
} as const;

/** What keeps this installation from working, and the fix of each, when somebody asks: an examination asks providers too. */
export function Doctor() {
  const look = useMutation({ mutationFn: () => dataOf(api.GET('/api/doctor')) });
  const findings = look.data?.findings.toSorted((a, b) => Number(b.state === 'fault') - Number(a.state === 'fault'));
  return (
    <Panel title="Doctor" aside="the same as cerberus doctor, with the engine's own rights">
      <p className="mb-2">
        <Button needs="operator in config" disabled={look.isPending} onClick={() => look.mutate()}>
          {look.isPending ? 'Looking …' : 'Look at everything'}
        </Button>
      </p>
      {look.error && <Fault error={look.error} />}
      {look.data?.sound === true && <p className="mb-2 text-low">✓ Nothing needs mending.</p>}
      <ul className="grid gap-1 text-[0.85rem]">
        {findings?.map(({ check, state, says, fix }) => (
          <li key={`${check} ${says}`}>
            <Badge {...(states[state].tone ? { tone: states[state].tone } : {})}>{states[state].words}</Badge>{' '}
            <strong>{check}</strong> {says}
            {fix !== null && <span className="block text-soft">Fix: {fix}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
