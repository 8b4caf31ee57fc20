import type { Writable } from 'node:stream';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { z } from 'zod';
import { isProbeMark } from '../act/cowrie/probe-mark.ts';
import { startSession } from '../assess/assess.ts';
import { createLogFileReader } from '../collect/log-files.ts';
import type { Config } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { readSource, readSourceAhead } from '../read-source.ts';
import { isWorthRetrying } from '../store/database.ts';
import { findPosition } from '../store/sources.ts';
import { askMlService } from './ask-ml-service.ts';
import { composePipeline } from './compose-pipeline.ts';
import { openInstallKey } from './install-key.ts';
import { keepPace } from './keep-pace.ts';
import { createCurrentModels } from './learning/current-models.ts';
import { openConfiguredDatabase } from './open-database.ts';
import { openOrigins } from './open-origins.ts';
import { asLogLine, createArchiveReplay } from './restore-archive.ts';

/** A reader's position, and whether it was the last: a file that was read to its end is read again from its beginning. */
const ReplayPosition = z.object({ reader: z.unknown(), complete: z.boolean() });

export interface ReplayCounts {
  readonly bytes: number;
  readonly lines: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly parked: number;
}

export interface ReplayListener {
  readonly onProgress: (fileBytes: number) => void;
  readonly onStored: (counts: ReplayCounts) => void;
}

export interface Replay {
  /** Reads one file to its end. @throws CerberusError SOURCE_UNREADABLE */
  readFile(path: string, listener: ReplayListener): Promise<void>;
  close(): Promise<void>;
}

/** The pipeline for logs of the past: everything is stored and assessed, nothing is decided. */
export async function openReplay(options: {
  readonly config: Config;
  readonly stderr: Writable;
  readonly speed?: number | undefined;
}): Promise<Replay> {
  const { config, stderr, speed } = options;
  const say = (_fields: object, sentence: string) => stderr.write(`${sentence}\n`);
  const database = await openConfiguredDatabase({
    config,
    clock: systemClock,
    log: { info: say, warn: say },
    role: 'replay',
  });
  const installKey = await openInstallKey(config.state.dir);
  const log = { info: say, warn: say };
  const models = createCurrentModels({ pool: database.pool, stateDir: config.state.dir, clock: systemClock, log });
  await models.refresh();
  const closing = new AbortController();
  const mlService = askMlService({
    config,
    clock: systemClock,
    log: { info: say, warn: say },
    onBack: () => undefined,
  });
  const pinging = mlService?.run(closing.signal);
  const pipeline = composePipeline({
    database,
    clock: systemClock,
    timeZone: config.cowrie.timezone,
    assess: models.assess,
    assessAhead: mlService?.assessAhead,
    startSession,
    locate: await openOrigins(config),
    isProbe: ({ detail }) =>
      detail.kind === 'client' && detail.version !== undefined && isProbeMark(installKey, detail.version),
    assessFailed: (event, error) => stderr.write(`Event ${event.id} could not be assessed: ${String(error)}\n`),
  });
  const archives = createArchiveReplay({ database, clock: systemClock });
  return { readFile, close };

  async function close(): Promise<void> {
    closing.abort();
    await pinging;
    await database.close();
  }

  async function readFile(path: string, { onProgress, onStored }: ReplayListener): Promise<void> {
    const source: SourceIdentity = { sourceId: `file ${path}`, kind: 'file', place: path };
    let position = await findStart(source.sourceId);
    const signal = new AbortController().signal;
    const batches = createLogFileReader({ path, sourceId: source.sourceId, position, signal, onProgress });
    const isOwnArchive = await archives.isOwnArchive(path);
    const read = isOwnArchive ? readSource : readSourceAhead;
    await read({
      source,
      batches: wrapPositions(speed === undefined ? batches : keepPace(batches, speed, systemClock), isOwnArchive),
      pipeline: isOwnArchive ? { ...pipeline, onLines: archives.restoreLines } : pipeline,
      clock: systemClock,
      isWorthRetrying,
      onRetry: (error) => stderr.write(`The database does not answer; waiting. (${String(error)})\n`),
      onStored({ stored, duplicate, parked }, batch) {
        // `as`: wrapPositions made it.
        position = (batch.position as z.infer<typeof ReplayPosition>).reader;
        onStored({ bytes: batch.readBytes, lines: stored + duplicate + parked, stored, duplicate, parked });
      },
    });
    await pipeline.onLines(
      { sourceId: source.sourceId, lines: [], position: { reader: position, complete: true }, readBytes: 0 },
      source,
    );
  }

  async function findStart(sourceId: string): Promise<unknown> {
    const stored = ReplayPosition.safeParse(await findPosition(database.pool, sourceId));
    return stored.success && !stored.data.complete ? stored.data.reader : undefined;
  }
}

async function* wrapPositions(
  batches: AsyncIterable<LineBatch>,
  isOwnArchive: boolean,
): AsyncGenerator<LineBatch, void, undefined> {
  for await (const batch of batches) {
    const lines = isOwnArchive ? batch.lines : batch.lines.map(asLogLine);
    yield { ...batch, lines, position: { reader: batch.position, complete: false } };
  }
}
