import type { RawLine } from '@cerberusmesh/contract/raw-line';
import type { Clock } from '../kit/clock.ts';
import { isWhole } from './cut-line.ts';
import { explainDamage } from './file-faults.ts';
import type { Fingerprint } from './fingerprint.ts';
import { createHalfLine } from './half-line.ts';
import { createIdleCheck } from './idle-check.ts';
import { type Milestone, openNext, type Route } from './log-route.ts';
import { type OpenLog, openLogAt, type Reading } from './open-log.ts';
import { type Place, placeOf, unfinished, unreadBytesOf } from './place.ts';
import { createPresence } from './presence.ts';
import { findLogFile, isLive } from './rotated-files.ts';
import type { TailPosition } from './tail-position.ts';
import type { TailTelemetry } from './tail-telemetry.ts';
import { type LeftContent, whereToBegin } from './where-to-begin.ts';

/*
 * One content after the other, each from its place to its end:
 *
 *            ┌──────────── bytes: lines are given out ───────────┐
 *            ▼                                                   │
 *   nothing ──► reading ──► end, is the live file ──► wait ──────┤
 *      ▲          │  └────► end, something came after it ──► next file, if it is still at its end
 *      │          └───────► changed: find the content in a copy, else go to what is there now
 *      └── a file that could not be confirmed as the next one is left for the one that is
 *
 * A file that is read from its beginning is confirmed when its first bytes are in hand: only if no other file has come
 * between it and the last milestone by then, those bytes are what follows. Without this, a copytruncate between two
 * looks at an empty file would hide everything that went through it.
 */

export interface LogReader {
  /** Does one thing. Throws the file system's errors; then the next step tries again. */
  step(): Promise<Step>;
  /** The last lines are stored. */
  acknowledge(): void;
  unreadBytes(live: { readonly fileId: string; readonly sizeBytes: number } | undefined): number;
  close(): Promise<void>;
}

export type Step =
  | {
      readonly kind: 'lines';
      readonly lines: readonly RawLine[];
      readonly position: TailPosition;
      readonly readBytes: number;
    }
  | { readonly kind: 'again' }
  | { readonly kind: 'wait' };

const again: Step = { kind: 'again' };
const wait: Step = { kind: 'wait' };

/**
 * Reads one live log step by step, over rotation, truncation and absence. `position` is what a batch of it gave before;
 * another value begins at the file's start.
 */
export function createLogReader(options: {
  readonly path: string;
  readonly position: unknown;
  readonly clock: Clock;
  readonly telemetry: TailTelemetry;
  readonly chunkBytes: number;
  readonly lineBytesMax: number;
}): LogReader {
  const { path, clock, telemetry, chunkBytes, lineBytesMax } = options;
  const presence = createPresence(path, telemetry);
  const idle = createIdleCheck(path, clock);
  let milestone: Milestone | undefined;
  let place: Place | undefined;
  /** Stays open until its successor is confirmed, so that its inode cannot be given to another file. */
  let finished: OpenLog | undefined;
  const half = createHalfLine(lineBytesMax);
  /** Content that was left without having been finished; told once it is known where reading goes on. */
  let lost: LeftContent | undefined;

  return { step, acknowledge, unreadBytes: (live) => unreadBytesOf(place, live), close };

  async function step(): Promise<Step> {
    if (!milestone) {
      const beginning = await whereToBegin(path, options.position, telemetry);
      ({ milestone, lost } = beginning);
      if (beginning.position) return { kind: 'lines', lines: [], position: beginning.position, readBytes: 0 };
    }
    if (place) return follow(place, await readOrRelease(place));
    await presence.look();
    return enter(milestone);
  }

  async function enter(after: Milestone): Promise<Step> {
    if (await idle.isNothingNew(await findLogFile(path))) return wait;
    const route = await openNext(path, after, chunkBytes);
    if (!route) return wait;
    put(route);
    if (lost?.kind === 'truncated') {
      telemetry.truncated({ path: lost.file, restFoundIn: route.resumed ? route.log.file.path : undefined });
    } else if (lost && !route.resumed) {
      telemetry.positionFileGone({ path, lastFile: lost.file });
    }
    lost = undefined;
    return again;
  }

  function put(route: Route): void {
    idle.forget();
    const isOlder = milestone?.finished === true && !isLive(route.log.file);
    if (route.resumed || isOlder) half.forgetWhatIsReadAgain();
    place = placeOf(route, lineBytesMax);
  }

  function drop(): void {
    idle.forget();
    place = undefined;
  }

  /** After a fault of the file system the content is looked for anew: the handle may be stale. */
  async function readOrRelease(from: Place): Promise<Reading> {
    try {
      return await from.log.read();
    } catch (error) {
      milestone = unfinished(from) ?? milestone;
      drop();
      await from.log.close();
      throw error;
    }
  }

  async function follow(from: Place, reading: Reading): Promise<Step> {
    switch (reading.kind) {
      case 'bytes':
        // It may have come between the look and the opening.
        if (!presence.isTold()) await presence.look();
        return take(from, reading.chunk);
      case 'changed':
        return abandon(from);
      case 'damaged':
        telemetry.damaged({
          path: from.log.file.path,
          explanation: explainDamage(from.log.file.path, from.log.trail.readOffset(), reading.why),
        });
        return again;
      case 'end':
        // Not while bytes come: under a busy log it is one round trip less for each live batch.
        await presence.look();
        return leave(from);
    }
  }

  async function take(from: Place, chunk: Buffer): Promise<Step> {
    if (!from.isConfirmed && !(await isStillNext(from))) return again;
    from.isConfirmed = true;
    await finished?.close();
    finished = undefined;
    // Before the bytes are taken: from here on nothing may fail, or lines would be lost in memory.
    from.modifiedMs = await from.log.modifiedMs();
    const lines = from.splitter.push(chunk);
    from.log.trail.advance(chunk, from.splitter.pendingBytes());
    return give(from, lines);
  }

  function give(from: Place, lines: readonly RawLine[]): Step {
    const { trail, file } = from.log;
    const content = trail.fingerprint();
    const [first, ...others] = lines;
    if (!first || !content) return again;
    const before = half.join(first);
    const readBytes = trail.settledOffset() - from.given + (before?.bytes ?? 0);
    const joined = before ? [...before.lines, ...others] : lines;
    from.given = trail.settledOffset();
    const position: TailPosition = { version: 1, content, modifiedMs: from.modifiedMs, file: file.path };
    return { kind: 'lines', lines: joined, position, readBytes };
  }

  /** True if the place is still what follows the milestone; else it is left for what does. */
  async function isStillNext(from: Place): Promise<boolean> {
    if (!milestone) return false;
    const route = await openNext(path, milestone, chunkBytes);
    if (route && !route.resumed && route.log.file.fileId === from.log.file.fileId) {
      await route.log.close();
      return true;
    }
    drop();
    if (route) put(route);
    await from.log.close();
    return false;
  }

  async function leave(from: Place): Promise<Step> {
    const live = await findLogFile(path);
    if (from.isConfirmed && live?.fileId === from.log.file.fileId) return wait;
    if (await idle.isNothingNew(live)) return wait;
    if (!from.isConfirmed && !(await isStillNext(from))) return again;
    if (live?.fileId === from.log.file.fileId) return wait;
    const { file, trail } = from.log;
    const modifiedMs = await from.log.modifiedMs();
    // A file without a line says nothing; should it be compressed, its place is found by what was read before it.
    const content = trail.fingerprint() ?? (milestone?.finished ? milestone.content : undefined);
    const done: Milestone = { finished: true, content, fileId: file.fileId, modifiedMs };
    const next = await openNext(path, done, chunkBytes);
    // A writer that was not told of the rotation goes on in the old file, so an empty new one is no reason to leave.
    if (!next || (isLive(next.log.file) && next.log.file.sizeBytes === 0)) {
      await next?.log.close();
      return wait;
    }
    // A copy that was still being made when it was listed: its original is the next file and goes on where it ends.
    const same = next.resumed ? next : await sameContent(next, trail.fingerprint());
    if (same) {
      await from.log.close();
      put(same);
      return again;
    }
    // Only now: what was written until the next file had come is read by now or never.
    const reading = await readOrRelease(from);
    if (reading.kind !== 'end') {
      await next.log.close();
      return follow(from, reading);
    }
    telemetry.rotated({ from: file.path, to: next.log.file.path });
    return finish(from, done, next);
  }

  async function sameContent(next: Route, content: Fingerprint | undefined): Promise<Route | undefined> {
    if (!content) return undefined;
    const log = await openLogAt(next.log.file, content, chunkBytes);
    if (typeof log === 'string') return undefined;
    await next.log.close();
    return { ...next, log, resumed: true };
  }

  async function finish(from: Place, done: Milestone, next: Route): Promise<Step> {
    await finished?.close();
    finished = from.log;
    const rest = from.splitter.end();
    milestone = done;
    const bytes = from.log.trail.readOffset() - from.given;
    let step: Step = again;
    if (rest && (rest.unreadable || half.isKept() || isWhole(rest.text))) {
      from.log.trail.settleAll();
      step = give(from, [rest]);
    } else if (rest) {
      half.keep({ line: rest, bytes, mayReturn: false });
    }
    put(next);
    return step;
  }

  async function abandon(from: Place): Promise<Step> {
    const bytes = from.log.trail.readOffset() - from.given;
    const rest = from.splitter.end();
    milestone = unfinished(from) ?? milestone;
    if (rest && !half.isKept()) half.keep({ line: rest, bytes, mayReturn: true });
    lost = { kind: 'truncated', file: from.log.file.path };
    drop();
    await from.log.close();
    return again;
  }

  function acknowledge(): void {
    if (place) place.stored = place.given;
  }

  async function close(): Promise<void> {
    await place?.log.close();
    await finished?.close();
    place = undefined;
    finished = undefined;
  }
}
