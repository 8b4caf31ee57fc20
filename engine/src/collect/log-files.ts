import { CerberusError } from '@cerberusmesh/contract/errors';
import type { LineBatch, RawLine } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import { explainFault, faultCode } from './file-faults.ts';
import { Fingerprint } from './fingerprint.ts';
import { createLineSplitter } from './line-splitter.ts';
import { type OpenLog, openLog, openLogAt, type Reading } from './open-log.ts';
import { findLogFile } from './rotated-files.ts';

export interface LogFileReaderOptions {
  /** Plain, gzip or bzip2; told by its content. */
  readonly path: string;
  readonly sourceId: string;
  /** What was stored with the last batch. A position in other content, or none, means from the beginning. */
  readonly position: unknown;
  /** Ends the reading between two batches; what was stored is gone on with later. */
  readonly signal: AbortSignal;
  /** Of text, not of the file. Only a single line may make a batch larger. */
  readonly batchBytesMax?: number;
  readonly lineBytesMax?: number;
  /** Bytes of the file on disk, for a progress bar: a compressed file's grow slower than its text. */
  readonly onProgress?: (fileBytes: number) => void;
}

/**
 * A session and an attacker are written once for each batch that they come in, so larger ones cost less: with 4 MB a
 * replay needs a tenth less of the processor than with 1 MB on both sides, and 50 MB more memory.
 */
const usualBatchBytes = 4 * 1024 * 1024;
const chunkBytesMax = 256 * 1024;

/** Where reading stands in a finished file; `content.offset` counts bytes of the uncompressed text. */
const LogFilePosition = z.object({ version: z.literal(1), content: Fingerprint });

/**
 * Reads a file to its end, once. Asking for the next batch says that the last one is stored with its position. The
 * last line needs no newline.
 *
 * Throws SOURCE_UNREADABLE, naming file and place, when the file is missing, may not be read, changes while it is
 * read, or is damaged: after every whole line before the damage. A line that the damage cuts is not given, so that the
 * repaired file is gone on with at its beginning.
 */
export async function* createLogFileReader(options: LogFileReaderOptions): AsyncGenerator<LineBatch, void, undefined> {
  const { path, sourceId, signal, lineBytesMax = 16 * 1024 * 1024 } = options;
  const { batchBytesMax = usualBatchBytes } = options;
  const chunkBytes = Math.ceil(Math.min(batchBytesMax, chunkBytesMax * 4) / 4);
  const log = await explaining(path, () => openAtPosition(path, options.position, chunkBytes));
  const splitter = createLineSplitter({ lineBytesMax });
  let lines: RawLine[] = [];
  let givenOffset = log.trail.settledOffset();
  try {
    while (!signal.aborted) {
      const reading = await explaining(path, () => log.read());
      if (reading.kind === 'bytes') {
        for (const line of splitter.push(reading.chunk)) lines.push(line);
        log.trail.advance(reading.chunk, splitter.pendingBytes());
        options.onProgress?.(log.fileBytes());
        if (log.trail.settledOffset() - givenOffset < batchBytesMax - chunkBytes) continue;
      } else if (reading.kind === 'end') {
        addRest(lines, splitter.end());
        log.trail.settleAll();
      }
      if (lines.length > 0) yield takeBatch();
      if (reading.kind !== 'bytes') return endOrFault(log, reading);
    }
  } finally {
    await log.close();
  }

  function takeBatch(): LineBatch {
    const readBytes = log.trail.settledOffset() - givenOffset;
    const content = log.trail.fingerprint();
    const position = { version: 1, content };
    const batch: LineBatch = { sourceId, lines, position, readBytes };
    givenOffset = log.trail.settledOffset();
    lines = [];
    return batch;
  }
}

async function openAtPosition(path: string, position: unknown, chunkBytes: number): Promise<OpenLog> {
  const file = await findLogFile(path, '.replayed');
  const stored = LogFilePosition.safeParse(position);
  const resumed = file && stored.success && (await openLogAt(file, stored.data.content, chunkBytes));
  const log = typeof resumed === 'object' ? resumed : file && (await openLog(file, chunkBytes));
  if (!log) throw new CerberusError('SOURCE_UNREADABLE', explainFault(path, 'ENOENT'));
  return log;
}

/** Blank lines at the end are covered by the line before them; alone they are a line without text. */
function addRest(lines: RawLine[], rest: RawLine | null): void {
  if (!rest) return;
  const last = lines.at(-1);
  const isBlank = rest.text === '' && !rest.unreadable;
  if (isBlank && last) lines[lines.length - 1] = { ...last, coveredBytes: last.coveredBytes + rest.coveredBytes };
  else lines.push(rest);
}

function endOrFault(log: OpenLog, reading: Exclude<Reading, { kind: 'bytes' }>): void {
  if (reading.kind === 'end') return;
  const place = `byte ${log.trail.readOffset()} of its text (about byte ${log.fileBytes()} of the file)`;
  const what =
    reading.kind === 'damaged'
      ? `is damaged at ${place}: ${reading.why}`
      : `was changed before ${place} while it was read`;
  throw new CerberusError(
    'SOURCE_UNREADABLE',
    `${log.file.path} ${what}. All whole lines before that are read; replace the file and run this again.`,
  );
}

async function explaining<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = faultCode(error);
    if (code === undefined) throw error;
    throw new CerberusError('SOURCE_UNREADABLE', explainFault(path, code), error);
  }
}
