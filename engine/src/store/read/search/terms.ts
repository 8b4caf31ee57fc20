import type { SearchMatch } from '@cerberusmesh/contract/search-matches';
import type { TermContext, WriteTerm } from './compile.ts';

/** The whole of a text column; a single value is written as `=`, which is what partial indexes and partitions need. */
export function wordTerm(column: string, spellings: (text: string) => readonly string[] = (text) => [text]): WriteTerm {
  return (matches, { parameter }) => {
    const texts = matches.flatMap((match) => (match.kind === 'is' ? spellings(match.text) : []));
    const patterns = matches.flatMap((match) => (match.kind === 'like' ? [match.parts.map(escapeLike).join('%')] : []));
    const [only] = texts;
    return anyOf([
      ...(texts.length === 1 ? [`${column} = ${parameter(only)}`] : []),
      ...(texts.length > 1 ? [`${column} = any(${parameter(texts)}::text[])`] : []),
      ...patterns.map((pattern) => `${column} like ${parameter(pattern)}`),
    ]);
  };
}

/** A part of one of the columns, in any case. */
export function textTerm(
  columns: readonly string[],
  spellings: (text: string) => readonly string[] = (text) => [text],
): WriteTerm {
  return (matches, { parameter }) =>
    anyOf(
      matches
        .flatMap((match) => (match.kind === 'is' ? spellings(match.text) : []))
        .flatMap((text) => {
          const pattern = parameter(`%${escapeLike(text)}%`);
          return columns.map((column) => `${column} ilike ${pattern}`);
        }),
    );
}

/** `type` is the column's own, so that 0.8 equals what a `real` keeps of 0.8. */
export function numberTerm(column: string, type: 'real' | 'float8' = 'float8'): WriteTerm {
  return (matches, { parameter }) =>
    anyOf(
      matches.flatMap((match) => {
        if (match.kind !== 'between') return [];
        const { low, high, open } = match;
        const bounds = [
          ...(low === null ? [] : [`${column} ${open ? '>' : '>='} ${parameter(low)}::${type}`]),
          ...(high === null ? [] : [`${column} ${open ? '<' : '<='} ${parameter(high)}::${type}`]),
        ];
        return [`(${bounds.join(' and ')})`];
      }),
    );
}

/** An id or one below it: `T1059` is `T1059.004` too. */
export function techniqueTerm(column: string): WriteTerm {
  return (matches, { parameter }) => {
    const ids = matches.flatMap((match) => (match.kind === 'is' ? [match.text] : []));
    const exact = parameter(ids);
    const below = parameter(ids.map((id) => `${escapeLike(id)}.%`));
    return `exists (select 1 from unnest(${column}) as t where t = any(${exact}::text[]) or t like any(${below}::text[]))`;
  };
}

/** `write` gets the moment in milliseconds; several moments: one of them. */
export function momentTerm(write: (epochMs: number, context: TermContext) => string): WriteTerm {
  return (matches, context) => anyOf(matches.map((match) => write(epochMsOf(match, context.now), context)));
}

/** Yes or no by name. */
export function flagTerm(conditions: Readonly<Record<string, string>>): WriteTerm {
  return (matches) =>
    anyOf(matches.flatMap((match) => (match.kind === 'is' ? [conditions[match.text] ?? 'false'] : [])));
}

/** An address column holds any text that a sensor gave; what has a common beginning in text is found by that. */
export function networkTerm(column: string): WriteTerm {
  const word = wordTerm(column);
  return (matches, context) =>
    anyOf([
      ...(matches.some(({ kind }) => kind !== 'network') ? [word(matches, context)] : []),
      ...matches.flatMap((match) => (match.kind === 'network' ? [withinNetwork(column, match, context)] : [])),
    ]);
}

/** The moment that a term of time means; NaN for a term of anything else. */
export function epochMsOf(match: SearchMatch, now: Date): number {
  if (match.kind === 'ago') return now.getTime() - match.ms;
  return match.kind === 'moment' ? match.epochMs : Number.NaN;
}

function withinNetwork(
  column: string,
  { address, bits }: Extract<SearchMatch, { kind: 'network' }>,
  { parameter }: TermContext,
): string {
  const isVersion4 = !address.includes(':');
  const octets = isVersion4 ? address.split('.').slice(0, Math.floor(bits / 8)) : [];
  const beginning = isVersion4 ? octets.map((octet) => `${octet}.`).join('') : '%:';
  if (isVersion4 && bits === 32) return `${column} = ${parameter(address)}`;
  const like = `${column} like ${parameter(`${beginning}%`)}`;
  if (isVersion4 && bits % 8 === 0 && bits > 0) return like;
  return `(${like} and address_within(${column}, ${parameter(`${address}/${bits}`)}::inet))`;
}

function anyOf(conditions: readonly string[]): string {
  if (conditions.length === 0) return 'false';
  return conditions.length === 1 ? (conditions[0] ?? 'false') : `(${conditions.join(' or ')})`;
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
