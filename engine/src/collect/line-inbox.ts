import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';

export interface LineInbox {
  /** False where it is full now: whoever can wait, waits for `room`. What was offered is taken in any case. */
  offer(lines: readonly RawLine[]): boolean;
  /** Resolves when there is room again. */
  room(): Promise<void>;
  readonly unreadBytes: number;
  /** Ends where `signal` aborts and all that was offered was given out. */
  batches(sourceId: string, signal: AbortSignal): AsyncGenerator<LineBatch>;
}

/** More than a second of what is stored in one; what waits here is lost with the process. */
const bytesMax = 16 * 1024 * 1024;
/** As of a followed log: small enough that assessing a batch does not hold the API up. */
const batchBytes = 128 * 1024;

/** For media that have no place to read on from: what came is held until it is durable. */
export function createLineInbox(): LineInbox {
  const waiting: RawLine[] = [];
  let unreadBytes = 0;
  let arrived = Promise.withResolvers<void>();
  let emptied = Promise.withResolvers<void>();

  return {
    offer(lines) {
      for (const line of lines) waiting.push(line);
      unreadBytes += sum(lines);
      if (lines.length > 0) arrived.resolve();
      return unreadBytes < bytesMax;
    },
    async room() {
      while (unreadBytes >= bytesMax) await emptied.promise;
    },
    get unreadBytes() {
      return unreadBytes;
    },
    async *batches(sourceId, signal) {
      const stopped = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      while (true) {
        const lines = take();
        if (lines.length === 0) {
          if (signal.aborted) return;
          arrived = Promise.withResolvers();
          await Promise.race([arrived.promise, stopped]);
          continue;
        }
        const readBytes = sum(lines);
        yield { sourceId, lines, readBytes, position: {} };
        unreadBytes -= readBytes;
        emptied.resolve();
        emptied = Promise.withResolvers();
      }
    },
  };

  function take(): RawLine[] {
    let count = 0;
    for (let bytes = 0; count < waiting.length && bytes < batchBytes; count++)
      bytes += waiting[count]?.coveredBytes ?? 0;
    return waiting.splice(0, count);
  }
}

function sum(lines: readonly RawLine[]): number {
  return lines.reduce((total, { coveredBytes }) => total + coveredBytes, 0);
}
