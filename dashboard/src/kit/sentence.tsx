import { Fragment } from 'react';
import { Moment } from './moment.tsx';
import { Untrusted } from './untrusted.tsx';

const moment = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** A reason that the engine wrote, which may quote an attacker: the times in it are told as everywhere on the page. */
export function Sentence({ text, max = 600 }: { text: string; max?: number }) {
  return text
    .slice(0, max)
    .split(moment)
    .map((part, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move.
      <Fragment key={at}>{at % 2 === 1 ? <Moment iso={part} /> : <Untrusted text={part} max={max} />}</Fragment>
    ));
}
