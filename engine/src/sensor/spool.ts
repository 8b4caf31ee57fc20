import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Frame, frameHead, indexFrames } from './spool-frames.ts';

/**
 * What was read of Cowrie's log and is not durable at the hub yet: one stream of bytes in files of about a megabyte. Each
 * frame of it holds the log's position behind it, so the two are never apart. The oldest is kept: when the spool is full,
 * nothing more is read, and the rest waits in Cowrie's log.
 */
export interface Spool {
  /** Of this stream; another one where the disk was set back behind what the hub has. */
  id(): string;
  /** Of the log, behind the last byte of the stream; undefined where nothing was ever read. */
  position(): unknown;
  /** Where the stream begins and ends, as far as it is kept. */
  start(): number;
  end(): number;
  bytesOnDisk(): number;
  /** @returns false, with nothing changed, where there is no room: in the spool, or on the disk. */
  append(bytes: Buffer, position: unknown): boolean;
  /** Whole frames from `from` on, at least one, `bytesMax` where that is possible. On disk for good when it returns. */
  read(from: number, bytesMax: number): Buffer;
  /** What lies before is durable at the hub. */
  release(durable: number): void;
  /** Begins another stream with all that is kept: the hub is to look at each line of it anew. */
  renew(): void;
  close(): void;
}

interface Segment {
  readonly path: string;
  readonly start: number;
  end: number;
  fileBytes: number;
}

const segmentBytes = 1024 * 1024;

/** All by synchronous calls: the process does little else, threads for it would cost memory, and order is what counts. */
export function openSpool({ dir, bytesMax }: { readonly dir: string; readonly bytesMax: number }): Spool {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let id = readId(dir) ?? writeId(dir);
  const { segments, frames: lastFrames, position: lastPosition } = recover(dir);
  let position = lastPosition;
  let active = segments.at(-1) ?? begin(0);
  let activeFile = openSync(active.path, 'a+', 0o600);
  let activeFrames = lastFrames;
  let older: { readonly segment: Segment; readonly frames: readonly Frame[] } | undefined;
  let isSynced = true;

  return { id: () => id, position: () => position, start, end, bytesOnDisk, append, read, release, renew, close };

  function start(): number {
    return segments[0]?.start ?? active.start;
  }

  function end(): number {
    return active.end;
  }

  function bytesOnDisk(): number {
    return segments.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  }

  function append(bytes: Buffer, behind: unknown): boolean {
    if (bytesOnDisk() + bytes.length > bytesMax && end() > start()) return false;
    if (active.fileBytes >= segmentBytes && !rotate()) return false;
    return write(bytes, behind);
  }

  function write(bytes: Buffer, behind: unknown): boolean {
    const head = frameHead(bytes.length, behind);
    const frame = Buffer.concat([head, bytes]);
    try {
      for (let at = 0; at < frame.length; ) at += writeSync(activeFile, frame, at);
    } catch (error) {
      ftruncateSync(activeFile, active.fileBytes);
      if (isDiskFull(error)) return false;
      throw error;
    }
    activeFrames.push({ start: active.end, bytes: bytes.length, at: active.fileBytes + head.length });
    active.end += bytes.length;
    active.fileBytes += frame.length;
    position = behind;
    isSynced = false;
    return true;
  }

  /** A new file begins with the position, so that it is known when all older ones are gone. */
  function rotate(): boolean {
    const before = { active, activeFile, activeFrames };
    sync();
    active = begin(before.active.end);
    activeFile = openSync(active.path, 'a+', 0o600);
    activeFrames = [];
    if (write(Buffer.alloc(0), position)) {
      closeSync(before.activeFile);
      return true;
    }
    closeSync(activeFile);
    rmSync(active.path);
    segments.pop();
    ({ active, activeFile, activeFrames } = before);
    return false;
  }

  function begin(at: number): Segment {
    const path = join(dir, `${String(at).padStart(16, '0')}.spool`);
    const segment = { path, start: at, end: at, fileBytes: 0 };
    segments.push(segment);
    return segment;
  }

  function read(from: number, max: number): Buffer {
    const segment = segments.findLast((one) => one.start <= from && from < one.end);
    if (!segment) return Buffer.alloc(0);
    sync();
    const parts: Buffer[] = [];
    let total = 0;
    for (const frame of framesOf(segment)) {
      if (frame.start + frame.bytes <= from) continue;
      if (total > 0 && total + frame.bytes > max) break;
      parts.push(readPart(segment, frame.at, frame.bytes).subarray(Math.max(0, from - frame.start)));
      total += frame.bytes;
    }
    return Buffer.concat(parts);
  }

  function framesOf(segment: Segment): readonly Frame[] {
    if (segment === active) return activeFrames;
    if (older?.segment !== segment) {
      older = { segment, frames: indexFrames(readFileSync(segment.path), segment.start).frames };
    }
    return older.frames;
  }

  function release(durable: number): void {
    while (segments[0] && segments[0] !== active && segments[0].end <= durable) {
      rmSync(segments[0].path, { force: true });
      segments.shift();
    }
  }

  function renew(): void {
    id = writeId(dir);
  }

  function sync(): void {
    if (!isSynced) fdatasyncSync(activeFile);
    isSynced = true;
  }

  function close(): void {
    sync();
    closeSync(activeFile);
  }
}

/** What a kill left: whole frames count, half a frame at the end is cut off and read again from the log. */
function recover(dir: string): { segments: Segment[]; frames: Frame[]; position: unknown } {
  const names = readdirSync(dir).filter((name) => /^\d{16}\.spool$/.test(name));
  const segments: Segment[] = [];
  let last: ReturnType<typeof indexFrames> | undefined;
  let position: unknown;
  for (const name of names.sort()) {
    const path = join(dir, name);
    const start = Number.parseInt(name, 10);
    const content = readFileSync(path);
    last = indexFrames(content, start);
    if (last.wholeBytes < content.length) cutOff(path, last.wholeBytes);
    segments.push({ path, start, end: last.end, fileBytes: last.wholeBytes });
    if (last.frames.length > 0) position = last.position;
  }
  return { segments, frames: [...(last?.frames ?? [])], position };
}

function cutOff(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  ftruncateSync(file, bytes);
  closeSync(file);
}

function readPart({ path }: Segment, at: number, bytes: number): Buffer {
  const part = Buffer.alloc(bytes);
  const file = openSync(path, 'r');
  try {
    for (let got = 0; got < bytes; ) {
      const count = readSync(file, part, got, bytes - got, at + got);
      if (count === 0) throw new Error(`${path} is shorter than it was written; was it touched by somebody?`);
      got += count;
    }
    return part;
  } finally {
    closeSync(file);
  }
}

function readId(dir: string): string | undefined {
  try {
    return readFileSync(join(dir, 'id'), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

function writeId(dir: string): string {
  const id = randomUUID();
  const draft = join(dir, 'id.new');
  writeFileSync(draft, `${id}\n`, { mode: 0o600, flush: true });
  renameSync(draft, join(dir, 'id'));
  return id;
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
