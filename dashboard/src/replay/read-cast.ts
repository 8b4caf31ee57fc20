import type { CastEvent, Recording } from './messages.ts';

const idleSecondsMax = 2;
const screenMax = 500;

/** A recording with its idle times cut, and where a moment of it is then. */
export interface ReadCast {
  readonly recording: Recording;
  /** When the first line was entered (or, where nobody typed, when it began), in seconds of the uncut recording. */
  readonly firstEnteredSeconds: number;
  /** From seconds of the uncut recording to those that are shown, and back. */
  shownAt(seconds: number): number;
  realAt(shown: number): number;
}

/** Reads asciicast v2; lines that are none are left out. Undefined where nothing is left to show. */
export function readCast(text: string): ReadCast | undefined {
  const [head = '', ...lines] = text.split('\n');
  const header = parse(head);
  if (typeof header !== 'object' || header === null) return undefined;
  const real = lines.map(parse).filter(isEvent);
  if (real.length === 0) return undefined;
  const shownTimes: number[] = [];
  let shown = 0;
  let before = 0;
  for (const [at] of real) {
    shown += Math.min(Math.max(0, at - before), idleSecondsMax);
    before = Math.max(before, at);
    shownTimes.push(shown);
  }
  const realTimes = real.map(([at]) => at);
  return {
    recording: {
      cols: sizeOf(header, 'width', 80),
      rows: sizeOf(header, 'height', 24),
      events: real.map(([, code, said], index) => [shownTimes[index] ?? 0, code, said]),
    },
    firstEnteredSeconds: real.find(([, code, said]) => code === 'i' && /[\r\n]/.test(said))?.[0] ?? realTimes[0] ?? 0,
    shownAt: (seconds) => translate(seconds, realTimes, shownTimes),
    realAt: (seconds) => translate(seconds, shownTimes, realTimes),
  };
}

/** Between two known times in proportion: what was cut to two seconds goes by as fast as it is shown. */
function translate(value: number, from: readonly number[], to: readonly number[]): number {
  let at = 0;
  while (at + 1 < from.length && (from[at + 1] ?? 0) <= value) at++;
  const [start = 0, end] = [from[at], from[at + 1]];
  const [there = 0, next] = [to[at], to[at + 1]];
  const since = Math.max(0, value - start);
  if (end === undefined || next === undefined) return there + since;
  return there + (since / (end - start)) * (next - there);
}

function sizeOf(header: object, name: 'width' | 'height', usual: number): number {
  const size: unknown = Reflect.get(header, name);
  return typeof size === 'number' && size >= 1 && size <= screenMax ? Math.floor(size) : usual;
}

function isEvent(value: unknown): value is CastEvent {
  if (!Array.isArray(value)) return false;
  const [at, code, said]: unknown[] = value;
  const isKnown = code === 'o' || code === 'i' || code === 'm';
  return typeof at === 'number' && at >= 0 && isKnown && typeof said === 'string';
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
