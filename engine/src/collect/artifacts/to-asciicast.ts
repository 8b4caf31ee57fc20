import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { readTtyLog } from './ttylog.ts';

export interface CastPart {
  readonly form: 'ttylog' | 'asciicast';
  readonly content: Buffer;
  /** The output is that of an earlier session in which the same was typed: Cowrie keeps one of both. */
  readonly isRepeat: boolean;
}

export interface Screen {
  readonly width: number;
  readonly height: number;
}

/** Of a whole cast: more than any person watches, little enough for a browser. */
export const castTextMax = 16 * 1024 * 1024;
/** Where nobody types, a player goes on after so long. */
const idleSecondsMax = 5;
const pauseSeconds = 1;

type CastEvent = readonly [seconds: number, code: 'o' | 'i' | 'm', text: string];

/**
 * Recordings of one session as asciicast v2, line by line: one after the other, each with a marker before it, because
 * two channels that were open at once would write over each other on one screen.
 */
export function* toAsciicast(parts: readonly CastPart[], screen: Screen, startedAt: Date): Generator<string> {
  const isRepeat = parts.some((part) => part.isRepeat);
  const title = 'The honeypot kept the output of an earlier session in which the same was typed.';
  yield line({
    ...{ version: 2, ...screen, timestamp: Math.floor(startedAt.getTime() / 1000) },
    ...{ idle_time_limit: idleSecondsMax, ...(isRepeat ? { title } : {}) },
  });
  let offset = 0;
  let length = 0;
  for (const [index, part] of parts.entries()) {
    if (parts.length > 1) yield line([seconds(offset), 'm', `channel ${index + 1}`]);
    let last = 0;
    for (const [at, code, text] of eventsOf(part)) {
      last = Math.max(last, at);
      const next = line([seconds(offset + at), code, text]);
      length += next.length;
      if (length > castTextMax) return yield line([seconds(offset + last), 'm', 'what follows was left out: too long']);
      yield next;
    }
    offset += last + pauseSeconds;
  }
}

function eventsOf({ form, content }: CastPart): Generator<CastEvent> {
  return form === 'ttylog' ? eventsOfTtyLog(content) : eventsOfCast(content);
}

function* eventsOfTtyLog(content: Buffer): Generator<CastEvent> {
  // A character may be cut between two records.
  const decoders = { input: new StringDecoder('utf8'), output: new StringDecoder('utf8') };
  let start: number | undefined;
  for (const { kind, at, bytes } of readTtyLog(content)) {
    start ??= at;
    const since = Math.max(0, at - start);
    if (kind === 'exec') yield [since, 'm', bytes.toString('utf8')];
    if (kind !== 'input' && kind !== 'output') continue;
    const text = decoders[kind].write(bytes);
    if (text !== '') yield [since, kind === 'input' ? 'i' : 'o', text];
  }
}

const StoredEvent = z.tuple([z.number().min(0), z.enum(['o', 'i', 'm']), z.string()]);

/** Of our own decoys. Read anew and not passed on, because whoever takes a decoy over could write anything there. */
function* eventsOfCast(content: Buffer): Generator<CastEvent> {
  for (const text of content.toString('utf8').split('\n').slice(1)) {
    const event = StoredEvent.safeParse(parseJson(text));
    if (event.success) yield event.data;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(value: number): number {
  return Number(value.toFixed(6));
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
