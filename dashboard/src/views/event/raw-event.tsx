import { useState } from 'react';
import { counted } from '../../kit/counted.ts';
import { Button } from '../../kit/form.tsx';
import { Untrusted } from '../../kit/untrusted.tsx';

/** At first; who wants more of it asks. */
const firstCharacters = 8_000;
const linesMax = 500;
const lineCharactersMax = 4_000;

/** Line by line: within a line every odd character is an attacker's, and is shown by its name. */
export function RawEvent({ raw }: { raw: unknown }) {
  const [isWhole, setWhole] = useState(false);
  const text = JSON.stringify(raw, null, 2);
  const shown = isWhole ? text : text.slice(0, firstCharacters);
  return (
    <>
      <pre className="whitespace-pre-wrap text-[0.8rem]">
        {shown
          .split('\n')
          .slice(0, linesMax)
          .map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one event never move.
            <div key={at}>
              <Untrusted text={line} mono max={lineCharactersMax} />
            </div>
          ))}
      </pre>
      {shown.length < text.length && (
        <Button isSmall onClick={() => setWhole(true)}>
          … all {counted(text.length, 'character')}
        </Button>
      )}
    </>
  );
}
