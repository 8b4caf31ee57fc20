import { statfs } from 'node:fs/promises';
import type { Settings } from '@cerberusmesh/contract/settings';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createArchiveStore } from '../store/archives.ts';
import { chooseExpired, type RetentionLimits } from '../store/choose-expired.ts';
import { findDataFolder } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { lockKeys, oneAtATime } from '../store/one-at-a-time.ts';
import { dropOldParked } from '../store/parked-lines.ts';
import { listPartitions } from '../store/partitions.ts';
import type { SettingsStore } from '../store/settings.ts';
import { writeArchive } from './write-archive.ts';

const megabyte = 2 ** 20;
const roundMs = 60_000;
/** A look reads every row; a source that writes nothing but rubbish parks some hundred megabytes in that time. */
const parkedEveryMs = 10 * roundMs;

/** What one round did, by months. */
export interface RetentionRound {
  readonly takenOut: readonly string[];
  readonly archived: readonly string[];
}

export interface Retention {
  runOnce(): Promise<RetentionRound>;
  /** A lane of its own: a month of events may take minutes to be written. */
  run(signal: AbortSignal): Promise<void>;
}

/** Takes events out by age, by size and for the disk's sake, into files where a folder for them is named. */
export function composeRetention({
  config,
  database,
  settings,
  clock,
  log,
  freeBytesOf = findFreeBytes,
}: {
  readonly config: { readonly database: Pick<Config['database'], 'archiveDir' | 'parkedMb'> };
  readonly database: Database;
  /** The limits hold as they are when a round begins. */
  readonly settings: Pick<SettingsStore, 'refresh'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly freeBytesOf?: (database: Database) => Promise<number | null>;
}): Retention {
  const { archiveDir, parkedMb } = config.database;
  const store = createArchiveStore(database);
  let saidUnknown = false;
  let parkedLookedAtMs = Number.NEGATIVE_INFINITY;

  return {
    async runOnce() {
      const nothing = { takenOut: [], archived: [] };
      return (await oneAtATime(database.pool, lockKeys.retention, round)) ?? nothing;
    },
    async run(signal) {
      while (!signal.aborted) {
        await this.runOnce().catch((error: unknown) =>
          log.warn({ err: error }, 'Old events could not be removed; they stay, and it is tried again in a minute.'),
        );
        await clock.sleep(roundMs, signal);
      }
    },
  };

  async function round(): Promise<RetentionRound> {
    await letParkedGo();
    const archived = await archiveDetached();
    const limits = limitsOf(await settings.refresh());
    const isOff = Object.values(limits).every((limit) => limit === null);
    // One is still waiting for its file: more of them would give no room back either.
    const takenOut = isOff || (await store.listDetached()).length > 0 ? [] : await takeOut(limits);
    return { takenOut, archived: [...archived, ...(await archiveDetached())] };
  }

  async function letParkedGo(): Promise<void> {
    const nowMs = clock.now().getTime();
    if (nowMs - parkedLookedAtMs < parkedEveryMs) return;
    parkedLookedAtMs = nowMs;
    const rows = await dropOldParked(database.pool, parkedMb * megabyte);
    if (rows === 0) return;
    const words = `Unreadable lines took more than ${parkedMb} MB (CERBERUS_PARKED_MB): the oldest went, and stay counted.`;
    log.warn({ rows }, words);
  }

  async function takeOut(limits: RetentionLimits): Promise<string[]> {
    const freeBytes = limits.freeBytesMin === null ? null : await freeBytesOf(database);
    if (limits.freeBytesMin !== null && freeBytes === null && !saidUnknown) {
      saidUnknown = true;
      log.warn(
        {},
        'How full the disk of the database is cannot be told from here: CERBERUS_DISK_FREE_MB does nothing.',
      );
    }
    const state = { partitions: await listPartitions(database), touched: await store.findTouched(), freeBytes };
    const expired = chooseExpired(limits, state, clock.now());
    for (const month of expired) {
      await store.takeOut(month, archiveDir !== null);
      log.info(month, `A month of events was ${archiveDir === null ? 'dropped' : 'taken out for its archive'}.`);
    }
    if (freeBytes !== null && freeBytes < (limits.freeBytesMin ?? 0) && expired.length === 0) {
      log.warn(
        { freeBytes },
        'The disk of the database is nearly full, and there is no past month of events to remove.',
      );
    }
    return expired.map(({ month }) => month);
  }

  async function archiveDetached(): Promise<string[]> {
    const waiting = await store.listDetached();
    if (waiting.length > 0 && archiveDir === null) {
      log.warn(
        { months: waiting.map(({ month }) => month) },
        'Months wait for their archive: name CERBERUS_ARCHIVE_DIR.',
      );
      return [];
    }
    for (const month of waiting) {
      const file = await writeArchive(store, archiveDir ?? '', month);
      await store.finish(month, file);
      log.info({ month: month.month, file: file.file, events: file.events }, 'A month of events was archived.');
    }
    return waiting.map(({ month }) => month);
  }
}

/** The limits that the settings set, in the units in which they are compared. */
export function limitsOf(
  settings: Pick<Settings, 'CERBERUS_RETENTION_DAYS' | 'CERBERUS_RETENTION_MB' | 'CERBERUS_DISK_FREE_MB'>,
): RetentionLimits {
  return {
    days: settings.CERBERUS_RETENTION_DAYS,
    eventBytesMax: inBytes(settings.CERBERUS_RETENTION_MB),
    freeBytesMin: inBytes(settings.CERBERUS_DISK_FREE_MB),
  };
}

/** Null where the server is on another machine, or does not say where its data lie. */
export async function findFreeBytes(database: Database): Promise<number | null> {
  const folder = await findDataFolder(database.pool);
  if (folder === null) return null;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function inBytes(megabytes: number | null): number | null {
  return megabytes === null ? null : megabytes * megabyte;
}
