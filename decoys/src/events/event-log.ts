import { closeSync, fstatSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface EventLog {
  readonly write: (event: Readonly<Record<string, unknown>>) => void;
}

export interface EventLogOptions {
  readonly path: string;
  readonly sensor: string;
  readonly uuid: string;
  readonly now: () => Date;
  /** The file is renamed to `<path>.1` when it is larger. */
  readonly bytesMax: number;
}

const lookMs = 1000;

/**
 * Writes events as Cowrie 3 does: one JSON object a line, ASCII only, six digits of a second, so that whatever reads
 * Cowrie reads this. Synchronous: an event must be on its way before the visitor sees an answer; a line costs 15 µs.
 * The file stays open, and is opened again within a second where somebody moved or deleted it.
 */
export function createEventLog({ path, sensor, uuid, now, bytesMax }: EventLogOptions): EventLog {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  let lookedAtMs = now().getTime();
  let lastMicros = 0;

  return { write };

  function write(event: Readonly<Record<string, unknown>>): void {
    const { message, eventid, ...rest } = event;
    const line = `${toAscii(JSON.stringify({ ...rest, eventid, sensor, uuid, timestamp: timestamp(), message }))}\n`;
    if (bytes + line.length > bytesMax && bytes > 0) {
      renameSync(path, `${path}.1`);
      reopen();
    } else if (now().getTime() - lookedAtMs > lookMs) lookAgain();
    writeSync(file, line);
    bytes += line.length;
  }

  function lookAgain(): void {
    lookedAtMs = now().getTime();
    if (statSync(path, { throwIfNoEntry: false })?.ino !== fstatSync(file).ino) reopen();
  }

  function reopen(): void {
    closeSync(file);
    file = openSync(path, 'a', 0o600);
    bytes = fstatSync(file).size;
  }

  /** Two events of one millisecond keep their order, and the same event twice stays two. */
  function timestamp(): string {
    const micros = Math.max(now().getTime() * 1000, lastMicros + 1);
    lastMicros = micros;
    const text = new Date(Math.floor(micros / 1000)).toISOString();
    return `${text.slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
  }
}

function toAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
