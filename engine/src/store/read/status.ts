import type { StatusReport } from '@cerberusmesh/contract/api-health';
import type { Reader } from './reader.ts';
import { isoColumn } from './statement.ts';

/** What /status tells of the slow lane and of the sensors. */
export interface StoredStatus {
  readonly jobsWaiting: number;
  readonly jobsFailed: number;
  readonly sensors: StatusReport['sensors'];
}

/** What GET /health and GET /status ask of the database. */
export function createStatusReads(reader: Reader) {
  return {
    /** One round trip that only says whether the database answers. */
    async ping(): Promise<void> {
      await reader.rows('select 1');
    },

    async readStatus(): Promise<StoredStatus> {
      const [[jobs], sensors] = await Promise.all([
        reader.rows<{ waiting: number; failed: number }>(
          `select count(*) filter (where failed_at is null)::float8 as waiting,
                  count(*) filter (where failed_at is not null)::float8 as failed
             from jobs where done_at is null`,
        ),
        reader.rows<StatusReport['sensors'][number]>(
          `select sensor, kind, prepared is not null as prepared, ${isoColumn('last_seen')}
             from sensors order by sensor limit 1000`,
        ),
      ]);
      return { jobsWaiting: jobs?.waiting ?? 0, jobsFailed: jobs?.failed ?? 0, sensors };
    },
  };
}
