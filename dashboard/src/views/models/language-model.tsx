import type { AnalystStatus } from '@cerberusmesh/contract/analysis';
import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../api/queries.ts';
import { Badge } from '../../kit/badge.tsx';
import { Answer, Panel } from '../../kit/panel.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

const tones = new Map([
  ['ready', 'bg-low-ground text-low'],
  ['resting', 'bg-medium-ground text-medium'],
  ['over_budget', 'bg-medium-ground text-medium'],
]);

/** What the language model was asked, against what it may be asked. */
export function LanguageModel() {
  const status = useQuery(statusQuery);
  return (
    <Panel title="Language model" aside="reads grave sessions; can raise a score, never lower it">
      <Answer query={status}>
        {({ analyst }) => (
          <>
            <p className="mb-2 flex flex-wrap items-baseline gap-2">
              <State state={analyst.state} />
              {analyst.model !== null && (
                <span>
                  {analyst.provider} <Untrusted text={analyst.model} mono max={100} />
                </span>
              )}
              <span className="text-soft">
                <Untrusted text={analyst.why} max={300} />
              </span>
            </p>
            {usesOf(analyst).map(({ words, used, of }) => (
              <div
                key={words}
                className="grid grid-cols-[1fr_auto] items-center sm:grid-cols-[1fr_8rem_9rem] gap-2 py-0.5 text-[0.85rem]"
              >
                <span>{words}</span>
                {of === null ? (
                  <span className="max-sm:hidden" />
                ) : (
                  <meter
                    className="w-full max-sm:hidden"
                    min={0}
                    max={Math.max(1, of)}
                    value={used}
                    aria-label={words}
                  />
                )}
                <span className="text-right tabular-nums">
                  {used.toLocaleString()}
                  {of !== null && <span className="text-soft"> of {of.toLocaleString()}</span>}
                </span>
              </div>
            ))}
          </>
        )}
      </Answer>
    </Panel>
  );
}

function usesOf({ budget, ...used }: AnalystStatus) {
  return [
    { words: 'Requests, this hour', used: used.requests_this_hour, of: budget?.requests_per_hour ?? null },
    { words: 'Requests, 24 hours', used: used.requests_this_day, of: budget?.requests_per_day ?? null },
    { words: 'Tokens, this hour', used: used.tokens_this_hour, of: budget?.tokens_per_hour ?? null },
    { words: 'Tokens, 24 hours', used: used.tokens_this_day, of: budget?.tokens_per_day ?? null },
  ];
}

function State({ state }: { state: string }) {
  const tone = tones.get(state);
  return <Badge {...(tone === undefined ? {} : { tone })}>{state.replace('_', ' ')}</Badge>;
}
