import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { expect, onTestFinished, vi } from 'vitest';
import type { Clock } from '../../kit/clock.ts';
import { type CowrieTail, type CowrieTailOptions, createCowrieTail } from '../cowrie-tail.ts';
import type { TailTelemetry } from '../tail-telemetry.ts';

/** A tail on a real folder, with a consumer that "stores" each batch before it asks for the next. */
export interface TailRig {
  readonly folder: string;
  readonly path: string;
  readonly lines: RawLine[];
  /** Event names and what they told, in order. */
  readonly told: (readonly [string, Readonly<Record<string, string | undefined>>])[];
  start(options?: Partial<CowrieTailOptions>): void;
  /** A tail from the stored position that the test reads itself; nothing of it is stored. */
  another(): CowrieTail;
  stop(): Promise<void>;
  /** Until so many lines are stored. */
  stored(count: number): Promise<string[]>;
  /** Until the tail has found nothing to do, several times over. */
  idle(): Promise<void>;
  tail(): CowrieTail;
  position: unknown;
}

/** A log in a folder of its own and a tail over it that can be killed and started again, with a clock that only counts. */
export async function createTailRig(): Promise<TailRig> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-tail-'));
  const told: TailRig['told'] = [];
  const lines: RawLine[] = [];
  const clock = countingClock();
  let running: { tail: CowrieTail; abort: AbortController; pump: Promise<void> } | undefined;
  const rig: TailRig = {
    folder,
    path: join(folder, 'cowrie.json'),
    lines,
    told,
    position: undefined,
    start,
    another,
    stop,
    stored,
    idle,
    tail: () => running?.tail ?? expect.unreachable('not started'),
  };
  onTestFinished(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });
  return rig;

  function start(options: Partial<CowrieTailOptions> = {}): void {
    const abort = new AbortController();
    const tail = create({ signal: abort.signal, telemetry: recordingTelemetry(told), ...options });
    running = { tail, abort, pump: pump(tail) };
  }

  function another(): CowrieTail {
    return create({ signal: new AbortController().signal, telemetry: recordingTelemetry([]) });
  }

  function create(options: Pick<CowrieTailOptions, 'signal' | 'telemetry'> & Partial<CowrieTailOptions>): CowrieTail {
    return createCowrieTail({ sourceId: 'test', path: rig.path, position: rig.position, clock, ...options });
  }

  async function pump(tail: CowrieTail): Promise<void> {
    for await (const batch of tail.batches()) {
      expect(batch.lines.reduce((sum, line) => sum + line.coveredBytes, 0)).toBe(batch.readBytes);
      lines.push(...batch.lines);
      // As the store keeps it.
      rig.position = JSON.parse(JSON.stringify(batch.position));
    }
  }

  async function stop(): Promise<void> {
    running?.abort.abort();
    await running?.pump;
    running = undefined;
  }

  async function stored(count: number): Promise<string[]> {
    await meanwhile(vi.waitUntil(() => lines.length >= count, { interval: 2, timeout: 20_000 }));
    return lines.map((line) => line.text);
  }

  async function idle(): Promise<void> {
    const enough = clock.sleeps + 4;
    await meanwhile(vi.waitUntil(() => clock.sleeps >= enough, { interval: 2, timeout: 20_000 }));
  }

  /** A tail that fails ends the wait at once. */
  async function meanwhile(condition: Promise<unknown>): Promise<void> {
    const ended = running?.pump.then(() => expect.unreachable('the tail ended'));
    await Promise.race([condition, ended]);
  }
}

/** Polls as fast as the machine can, and counts. */
function countingClock(): Clock & { sleeps: number } {
  const clock = {
    sleeps: 0,
    now: () => new Date(0),
    sleep(_ms: number, signal?: AbortSignal): Promise<void> {
      return new Promise((resolve) => {
        const timer = setTimeout(done, 1);
        signal?.addEventListener('abort', resolveNow, { once: true });
        if (signal?.aborted) resolveNow();
        function resolveNow(): void {
          clearTimeout(timer);
          resolve();
        }
        function done(): void {
          clock.sleeps++;
          resolve();
        }
      });
    },
  };
  return clock;
}

/** Keeps what was told. */
export function recordingTelemetry(told: TailRig['told']): TailTelemetry {
  const record = (name: string) => (what: Readonly<Record<string, string | undefined>>) => {
    told.push([name, what]);
  };
  return {
    sourceAppeared: record('sourceAppeared'),
    sourceVanished: record('sourceVanished'),
    rotated: record('rotated'),
    truncated: record('truncated'),
    positionUnusable: record('positionUnusable'),
    positionFileGone: record('positionFileGone'),
    unreadable: record('unreadable'),
    readableAgain: record('readableAgain'),
    damaged: record('damaged'),
  };
}

/** One line as Cowrie writes it, its newline included; different for each number. */
export function aLine(number: number, more: Readonly<Record<string, unknown>> = {}): string {
  const time = new Date(Date.UTC(2026, 10, 21) + number * 1000).toISOString().replace('Z', '000Z');
  return `${JSON.stringify({ session: number.toString(16).padStart(12, '0'), protocol: 'ssh', src_ip: '192.0.2.1', ...more, eventid: 'cowrie.session.connect', sensor: 'sensor-a', uuid: '301868e2-e606-11f1-872e-02fc00000001', timestamp: time, message: '' })}\n`;
}

/** Lines number `from` up to but without `to`. */
export function someLines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => aLine(from + index)).join('');
}

/** The texts that `stored` gives for the lines of `someLines`. */
export function textsOf(log: string): string[] {
  return log.split('\n').filter((text) => text !== '');
}

/** As logrotate's copytruncate: the writer goes on in the emptied file. */
export async function copyTruncate(path: string, suffix: string): Promise<void> {
  await copyFile(path, path + suffix);
  await truncate(path, 0);
}
