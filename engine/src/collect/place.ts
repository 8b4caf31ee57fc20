import { createLineSplitter, type LineSplitter } from './line-splitter.ts';
import type { Milestone, Route } from './log-route.ts';
import type { OpenLog } from './open-log.ts';

/** A content that is being read, and how far. */
export interface Place {
  readonly log: OpenLog;
  readonly splitter: LineSplitter;
  /** Of files between this one and the live one. */
  readonly laterBytes: number;
  isConfirmed: boolean;
  /** Of the file when its bytes were last taken: a truncation would overwrite it. */
  modifiedMs: number;
  /** Lines are given out up to here, and stored up to there. */
  given: number;
  stored: number;
}

/** Where a route leads; not confirmed, unless the content is known already. */
export function placeOf({ log, resumed, laterBytes }: Route, lineBytesMax: number): Place {
  const offset = log.trail.settledOffset();
  const splitter = createLineSplitter({ lineBytesMax });
  const { modifiedMs } = log.file;
  return { log, splitter, laterBytes, isConfirmed: resumed, modifiedMs, given: offset, stored: offset };
}

/** What has to be found again where a place is left before its end; undefined where nothing of it was read. */
export function unfinished({ log, modifiedMs }: Place): Milestone | undefined {
  const content = log.trail.fingerprint();
  return content && { finished: false, content, fileId: undefined, modifiedMs };
}

/** Bytes of the log that are not stored yet, whichever files they are in. */
export function unreadBytesOf(
  place: Place | undefined,
  live: { readonly fileId: string; readonly sizeBytes: number } | undefined,
): number {
  const liveBytes = live?.sizeBytes ?? 0;
  if (!place) return liveBytes;
  const { file } = place.log;
  // Shorter than what was read: it was truncated a moment ago, and all of it is new.
  if (live?.fileId === file.fileId) return liveBytes < place.stored ? liveBytes : liveBytes - place.stored;
  return Math.max(0, file.sizeBytes - place.stored) + place.laterBytes + liveBytes;
}
