import { useMutation } from '@tanstack/react-query';
import { api, dataOf } from '../../api/ask.ts';
import { Button } from '../../kit/form.tsx';
import { Fault } from '../../kit/panel.tsx';

/** Looks through the whole chain, now. */
export function VerifyAudit() {
  const verify = useMutation({ mutationFn: () => dataOf(api.POST('/api/audit/verify')) });
  return (
    <div className="mb-3 grid gap-1">
      <p>
        <Button needs="operator in audit" disabled={verify.isPending} onClick={() => verify.mutate()}>
          {verify.isPending ? 'Verifying …' : 'Verify all of it'}
        </Button>
      </p>
      {verify.error && <Fault error={verify.error} />}
      {verify.data && (
        <p className={verify.data.sound ? 'text-low' : 'text-high'}>
          {verify.data.sound
            ? `✓ ${verify.data.entries.toLocaleString()} entries and ${verify.data.decisions.toLocaleString()} decisions, all as they were written.`
            : `✗ ${verify.data.faults.length} faults in ${verify.data.entries.toLocaleString()} entries.`}
        </p>
      )}
      <ul className="text-[0.85rem]">
        {verify.data?.faults.slice(0, 50).map(({ kind, seq, explanation }) => (
          <li key={`${kind} ${seq} ${explanation}`}>
            <strong>{kind.replaceAll('_', ' ')}</strong> {seq !== null && `at entry ${seq}`}: {explanation}
          </li>
        ))}
      </ul>
    </div>
  );
}
