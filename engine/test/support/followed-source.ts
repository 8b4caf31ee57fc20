import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { startSession } from '../../src/assess/assess.ts';
import type { Source } from '../../src/collect/source.ts';
import { composePipeline } from '../../src/compose/compose-pipeline.ts';
import { type CanGoBack, followSource } from '../../src/compose/follow-source.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { BatchReport } from '../../src/pipeline.ts';
import type { TestDatabase } from './database.ts';

/** Stores what a source gives into a real database, as the engine does. The caller ends it by the source's own signal. */
export function startFollowing(options: {
  readonly database: TestDatabase;
  readonly identity: SourceIdentity;
  readonly source: Source;
  readonly goBack?: CanGoBack;
  readonly stop: AbortController;
  readonly onStored?: (report: BatchReport) => void;
}) {
  const { database, identity, source, goBack, stop, onStored = () => undefined } = options;
  const pipeline = composePipeline({
    ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
    assess: (_event, session) => ({ assessment: null, session }),
    assessFailed: (_event, error) => {
      throw error;
    },
  });
  const log = { info: () => undefined, warn: () => undefined };
  const { run, watched } = followSource({
    ...{ identity, source, pipeline, onStored, clock: systemClock, log, signal: stop.signal },
    ...(goBack === undefined ? {} : { goBack }),
  });
  const running = run();
  return {
    watched,
    async stop() {
      stop.abort();
      await running;
    },
  };
}

/** What became of a source's lines, and whether its bytes balance. */
export async function readLedger(database: TestDatabase, sourceId: string) {
  const { rows } = await database.pool.query(
    `select lines_stored as stored, lines_duplicate as duplicate, lines_parked as parked,
            bytes_read = bytes_stored + bytes_parked as balanced from sources where source_id = $1`,
    [sourceId],
  );
  return rows[0];
}
