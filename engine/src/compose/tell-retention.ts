import type { Clock } from '../kit/clock.ts';
import type { ReadRetention } from '../serve/routes/retention.ts';
import { createArchiveStore } from '../store/archives.ts';
import { chooseExpired } from '../store/choose-expired.ts';
import type { Database } from '../store/database.ts';
import { sumParkedBytes } from '../store/parked-lines.ts';
import { listPartitions, sumDatabaseBytes } from '../store/partitions.ts';
import type { SettingsStore } from '../store/settings.ts';
import { findFreeBytes, limitsOf } from './retention.ts';

/** What the settings say of retention, beside what there is and what goes by them, or would by others. */
export function createReadRetention(parts: {
  readonly database: Database;
  readonly settings: Pick<SettingsStore, 'current'>;
  readonly clock: Clock;
  readonly isArchived: boolean;
  readonly parkedMb: number;
}): ReadRetention {
  const { database, settings, clock, isArchived, parkedMb } = parts;
  const archives = createArchiveStore(database);

  return async function readRetention(asked) {
    const now = settings.current();
    const limits = limitsOf({
      CERBERUS_RETENTION_DAYS: asked.days ?? now.CERBERUS_RETENTION_DAYS,
      CERBERUS_RETENTION_MB: asked.megabytes ?? now.CERBERUS_RETENTION_MB,
      CERBERUS_DISK_FREE_MB: asked.disk_free_megabytes ?? now.CERBERUS_DISK_FREE_MB,
    });
    const [partitions, databaseBytes, parkedBytes, touched, freeBytes] = await Promise.all([
      listPartitions(database),
      sumDatabaseBytes(database),
      sumParkedBytes(database.pool),
      archives.findTouched(),
      limits.freeBytesMin === null ? null : findFreeBytes(database),
    ]);
    return {
      days: now.CERBERUS_RETENTION_DAYS,
      megabytes: now.CERBERUS_RETENTION_MB,
      disk_free_megabytes: now.CERBERUS_DISK_FREE_MB,
      archived: isArchived,
      event_bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
      parked_megabytes: parkedMb,
      parked_bytes: parkedBytes,
      database_bytes: databaseBytes,
      months: partitions,
      expires: chooseExpired(limits, { partitions, touched, freeBytes }, clock.now()),
    };
  };
}
