import type { ReactNode } from 'react';
import { Facts } from '../../kit/facts.tsx';
import { Moment } from '../../kit/moment.tsx';
import { Sentence } from '../../kit/sentence.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';
import { whyOf } from './why-of.ts';

interface Done {
  readonly reason: string;
  readonly requested_by: string;
  readonly verification: unknown;
  readonly error: string | null;
  readonly undo_error: string | null;
  readonly steps: readonly { readonly name: string; readonly at: string }[];
}

/** An action or an adaptation from its cause to its end; `effect` is what came of it. */
export function HowItWent({ done, effect }: { done: Done; effect?: ReactNode }) {
  const seen = whyOf(done.verification);
  return (
    <Facts
      facts={[
        ['Why', <Sentence key="w" text={done.reason} />],
        ['Asked for by', <Untrusted key="b" text={done.requested_by} max={120} />],
        ...(done.steps.length === 0 ? [] : [['Steps', <Steps key="s" steps={done.steps} />] as const]),
        ...(seen === undefined ? [] : [['Looked at', <Sentence key="v" text={seen} />] as const]),
        ...(effect === undefined ? [] : [['Effect', effect] as const]),
        ...(done.error === null ? [] : [['Failed', <Sentence key="f" text={done.error} />] as const]),
        ...(done.undo_error === null ? [] : [['Not undone yet', <Sentence key="u" text={done.undo_error} />] as const]),
      ]}
    />
  );
}

function Steps({ steps }: Pick<Done, 'steps'>) {
  return (
    <ol>
      {steps.map(({ name, at }) => (
        <li key={`${name} ${at}`}>
          <Moment iso={at} /> <Untrusted text={name.replaceAll('_', ' ')} max={120} />
        </li>
      ))}
    </ol>
  );
}
