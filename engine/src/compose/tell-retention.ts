import type { Config } from '../config.ts';
import type { ReadRetention } from '../serve/routes/retention.ts';
import type { Database } from '../store/database.ts';
import { listPartitions, sumDatabaseBytes } from '../store/partitions.ts';

/** What the settings say of retention, beside what there is. */
export function createReadRetention(database: Database, config: Config['database']): ReadRetention {
  return async function readRetention() {
    const [months, databaseBytes] = await Promise.all([listPartitions(database), sumDatabaseBytes(database)]);
    return {
      days: config.retentionDays,
      megabytes: config.retentionMb,
      disk_free_megabytes: config.diskFreeMb,
      archived: config.archiveDir !== null,
      event_bytes: months.reduce((sum, { bytes }) => sum + bytes, 0),
      database_bytes: databaseBytes,
      months,
    };
  };
}
