import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { formatForConsole } from './console-line.ts';
import { hideSecrets } from './hide-secrets.ts';
import { printable } from './printable.ts';
import { reasonOf } from './reason-of.ts';
import { openRotatedFile, type RotatedFile } from './rotated-file.ts';

/** What stages may do with a log. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'child'>;

export interface LogOptions {
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  readonly stdout: Writable;
  /** A person reads along: short coloured lines instead of JSON. */
  readonly isTerminal: boolean;
  /** The log file is `logs/cerberus.log` in it, unless `file` names another; null writes none. */
  readonly dataDir: string | null;
  readonly file?: string;
  /** Default 10 MiB. */
  readonly fileBytesMax?: number;
  /** Older files kept beside it; default 5. */
  readonly filesKeptMax?: number;
}

type Fields = Record<string, unknown>;

const mebibyte = 1024 * 1024;

/**
 * The log of a process: to `stdout`, and as JSON to a rotated file. Both are written in the calling thread, so
 * `process.exit` loses nothing. A file that cannot be written is told once and left out: a full disk must not stop the
 * honeypot's reader. `close` ends the file; what is logged afterwards reaches `stdout` only.
 */
export function createLog(options: LogOptions): { log: Log; close(): void } {
  let file: RotatedFile | undefined;
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      // Hidden twice: here, while errors and megabytes of text are still objects; and in `write`, the one place that
      // also sees what a child logger carries and what an error's message became.
      // pino's own would flatten the cause into the message.
      serializers: { err: (error) => error },
      formatters: { level: (level) => ({ level }), log: (fields) => asFields(hideSecrets(fields)) },
    },
    { write: (line) => writeFields(asFields(hideSecrets(JSON.parse(line)))) },
  );

  function writeFields(fields: Fields): void {
    const json = `${printable(JSON.stringify(fields))}\n`;
    options.stdout.write(options.isTerminal ? formatForConsole(fields, true) : json);
    tryFile(() => file?.write(json));
  }

  function tryFile<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      file = undefined;
      writeFields({ level: 'warn', time: new Date().toISOString(), msg: `There is no log file: ${reasonOf(error)}` });
      return undefined;
    }
  }

  function close(): void {
    file?.close();
    file = undefined;
  }

  file = tryFile(() => openLogFile(options));
  return { log, close };
}

function openLogFile({ dataDir, file, fileBytesMax, filesKeptMax }: LogOptions): RotatedFile | undefined {
  const path = file ?? (dataDir === null ? undefined : join(dataDir, 'logs', 'cerberus.log'));
  if (path === undefined) return undefined;
  return openRotatedFile({ path, bytesMax: fileBytesMax ?? 10 * mebibyte, keptMax: filesKeptMax ?? 5 });
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
