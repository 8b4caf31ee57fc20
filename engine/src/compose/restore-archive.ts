import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch, ParkedLine, RawLine } from '@cerberusmesh/contract/raw-line';
import { openArchivedLine } from '../collect/archived-line.ts';
import { createLogFileReader } from '../collect/log-files.ts';
import { bytesOf } from '../collect/raw-lines.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport } from '../pipeline.ts';
import { createArchiveStore } from '../store/archives.ts';
import type { Database } from '../store/database.ts';
import { type ArchivedEvent, createRestoreEvents } from '../store/restore-events.ts';

/** How `replay` reads archives: its own database's are put back, another's are assessed and counted like any log. */
export function createArchiveReplay({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
  const archives = createArchiveStore(database);
  const restoreEvents = createRestoreEvents(database, () => clock.now());

  return {
    /** Whether the file begins as an archive of this database does. */
    async isOwnArchive(path: string): Promise<boolean> {
      const first = await readFirstLine(path);
      const archived = first && openArchivedLine(first);
      return archived !== undefined && (await archives.isOurs(archived.mark.archive));
    },

    /** In place of the pipeline's. */
    async restoreLines(batch: LineBatch, source: SourceIdentity): Promise<BatchReport> {
      const events: ArchivedEvent[] = [];
      const parked: ParkedLine[] = [];
      let blankBytes = 0;
      for (const line of batch.lines) {
        const archived = openArchivedLine(line);
        const { coveredBytes } = line;
        if (archived) {
          const { mark, rowJson, rawJson } = archived;
          events.push({ archive: mark.archive, id: mark.row.id, rowJson, rawJson, coveredBytes });
        } else if (line.text === '' && !line.unreadable) blankBytes += coveredBytes;
        else parked.push(park(line));
      }
      const report = await restoreEvents(source, batch, events, parked, blankBytes);
      return { ...report, parked: parked.length, latestEventEpochMs: undefined };
    },
  };
}

/** A line of an archive as the log line that it was; any other as it is. */
export function asLogLine(line: RawLine): RawLine {
  return openArchivedLine(line)?.line ?? line;
}

async function readFirstLine(path: string): Promise<RawLine | undefined> {
  const signal = new AbortController().signal;
  const batches = createLogFileReader({
    path,
    sourceId: 'first line',
    position: undefined,
    signal,
    batchBytesMax: 65_536,
  });
  for await (const { lines } of batches) return lines[0];
  return undefined;
}

function park(line: RawLine): ParkedLine {
  const reason = line.unreadable?.reason ?? 'bad_shape';
  const explanation = `Expected ${line.unreadable?.expected ?? 'a line of an archive, with its mark'}.`;
  return { reason, explanation, bytes: bytesOf(line), coveredBytes: line.coveredBytes };
}
