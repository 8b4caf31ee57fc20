import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  /** Bytes of the present file that are done. */
  show(fileBytes: number, stored: number): void;
  finishFile(fileBytes: number): void;
  end(): void;
}

/** A bar where a person looks on, nothing where a program does. */
export function createProgress(stream: Writable, totalBytes: number): Progress {
  if (!('isTTY' in stream && stream.isTTY === true))
    return { show: () => undefined, finishFile: () => undefined, end: () => undefined };
  const format = '{bar} {percentage} % | {stored} events | {eta_formatted} left';
  // `as`: cli-progress asks for a stream, and types it as Node's older interface.
  const bar = new SingleBar(
    { format, stream: stream as NodeJS.WritableStream, hideCursor: true },
    Presets.shades_classic,
  );
  let doneBytes = 0;
  bar.start(totalBytes, 0, { stored: 0 });
  return {
    show: (fileBytes, stored) => bar.update(doneBytes + fileBytes, { stored }),
    finishFile(fileBytes) {
      doneBytes += fileBytes;
      bar.update(doneBytes);
    },
    end: () => bar.stop(),
  };
}

export interface ShareBar {
  show(state: { readonly step: string; readonly done: number }): void;
  end(): void;
}

/** The same for work that is told as a share from 0 to 1, with the step that is under way. */
export function createShareBar(stream: Writable): ShareBar {
  if (!('isTTY' in stream && stream.isTTY === true)) return { show: () => undefined, end: () => undefined };
  const format = '{bar} {percentage} % | {step}';
  // `as`: see above.
  const bar = new SingleBar(
    { format, stream: stream as NodeJS.WritableStream, hideCursor: true },
    Presets.shades_classic,
  );
  bar.start(100, 0, { step: 'starting' });
  return {
    show: ({ step, done }) => bar.update(Math.round(done * 100), { step }),
    end: () => bar.stop(),
  };
}
