import type { SearchField } from './search-fields.ts';

/** What a field's value asks for. */
export type SearchMatch =
  | { readonly kind: 'is'; readonly text: string }
  /** What must stand between the stars of `a*b`, in this order. */
  | { readonly kind: 'like'; readonly parts: readonly string[] }
  /** Inclusive on both sides unless `open`; null: no bound. */
  | {
      readonly kind: 'between';
      readonly low: number | null;
      readonly high: number | null;
      readonly open: boolean;
    }
  | { readonly kind: 'network'; readonly address: string; readonly bits: number }
  | { readonly kind: 'moment'; readonly epochMs: number }
  | { readonly kind: 'ago'; readonly ms: number };

/** The matches of a value, or what would have been right. */
export type ReadMatches = readonly SearchMatch[] | { readonly expected: string };

const listMax = 50;
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/**
 * What `value` asks of `field`: one of several, divided by commas where it stands in no quotes. Where it cannot be
 * read: what was expected.
 */
export function readMatches(field: SearchField, value: string, quoted: boolean): ReadMatches {
  if (value === '') return { expected: `a value: ${field.does}` };
  if (quoted || field.kind === 'text') return readWhole(field, value);
  const parts = value.split(',');
  if (parts.length > listMax) return { expected: `at most ${listMax} values` };
  const matches: SearchMatch[] = [];
  for (const part of parts) {
    const match = readOne(field, part);
    if ('expected' in match) return match;
    matches.push(match);
  }
  return matches;
}

/** A text in quotes is meant as it is; numbers, moments and choices may stand in quotes like anywhere. */
function readWhole(field: SearchField, value: string): ReadMatches {
  if (field.kind === 'text' || field.kind === 'word' || field.kind === 'network') return [{ kind: 'is', text: value }];
  const match = readOne(field, value);
  return 'expected' in match ? match : [match];
}

function readOne(field: SearchField, text: string): SearchMatch | { readonly expected: string } {
  switch (field.kind) {
    case 'choice':
      return readChoice(field.choices ?? [], text);
    case 'number':
      return readNumber(text) ?? { expected: 'a number, or a range: 5, >0.8, <=3, 1..5' };
    case 'moment':
      return readMoment(text) ?? { expected: 'a day or a moment in UTC, or how long ago: 2026-11-01, 24h, 7d' };
    case 'day':
      return /^\d{4}-\d\d-\d\d$/.test(text) && Number.isFinite(Date.parse(text))
        ? { kind: 'moment', epochMs: Date.parse(text) }
        : { expected: 'a day: 2026-11-01' };
    case 'technique':
      return /^(AML\.)?T\d{4}(\.\d{3})?$/i.test(text)
        ? { kind: 'is', text: text.toUpperCase() }
        : { expected: 'an ATT&CK id: T1105, T1059.004' };
    case 'network':
      return readNetwork(text);
    default:
      return text === '' ? { expected: `a value: ${field.does}` } : readWord(text);
  }
}

function readChoice(choices: readonly string[], text: string): SearchMatch | { readonly expected: string } {
  const choice = choices.find((each) => each.toLowerCase() === text.toLowerCase());
  return choice === undefined ? { expected: `one of ${choices.join(', ')}` } : { kind: 'is', text: choice };
}

function readWord(text: string): SearchMatch {
  return text.includes('*') ? { kind: 'like', parts: text.split(/\*+/) } : { kind: 'is', text };
}

function readNumber(text: string): SearchMatch | undefined {
  const number = '-?\\d{1,15}(?:\\.\\d{1,10})?';
  const range = new RegExp(`^(${number})\\.\\.(${number})$`).exec(text);
  if (range) return { kind: 'between', low: Number(range[1]), high: Number(range[2]), open: false };
  const compared = new RegExp(`^(>=|<=|>|<|=)?(${number})$`).exec(text);
  if (!compared) return undefined;
  const value = Number(compared[2]);
  const operator = compared[1] ?? '=';
  return {
    kind: 'between',
    low: operator.startsWith('<') ? null : value,
    high: operator.startsWith('>') ? null : value,
    open: operator === '>' || operator === '<',
  };
}

function readMoment(text: string): SearchMatch | undefined {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago) {
    // `as`: the pattern lets only these letters through.
    return { kind: 'ago', ms: Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs] };
  }
  const form = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!form) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = form;
  const epochMs = Date.parse(`${day}T${time}${zone}`);
  return Number.isFinite(epochMs) ? { kind: 'moment', epochMs } : undefined;
}

function readNetwork(text: string): SearchMatch | { readonly expected: string } {
  const [address = '', bits, ...rest] = text.split('/');
  const bitsMax = isVersion4(address) ? 32 : isVersion6(address) ? 128 : undefined;
  if (bits === undefined && bitsMax !== undefined) return { kind: 'is', text };
  if (bits === undefined && /^[0-9a-fA-F:.*]+$/.test(text) && text.includes('*')) return readWord(text);
  if (bitsMax !== undefined && rest.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= bitsMax) {
    return { kind: 'network', address, bits: Number(bits) };
  }
  return { expected: 'an address, a network or a pattern: 203.0.113.7, 203.0.113.0/24, 203.0.113.*' };
}

function isVersion4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isVersion6(text: string): boolean {
  return /^[0-9a-fA-F:.]{2,45}$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]`);
}
