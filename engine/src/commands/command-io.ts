import type { Readable, Writable } from 'node:stream';

/** The three streams of a command, handed in so that a test can listen. A command never touches `process` or `console`. */
export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}
