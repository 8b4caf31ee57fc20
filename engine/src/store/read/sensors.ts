import type { SensorRecord } from '@cerberusmesh/contract/api-sensors';
import { Heartbeat } from '@cerberusmesh/contract/mesh';
import type { Reader } from './reader.ts';
import { isoColumn } from './statement.ts';

const times = ['enrolled_at', 'revoked_at', 'last_seen', 'alert_since'].map((column) => isoColumn(column)).join(', ');

/** Reads of `sensors`. */
export function createSensorReads(reader: Reader) {
  return {
    async listSensors(): Promise<SensorRecord[]> {
      const rows = await reader.rows<Omit<SensorRecord, 'heartbeat'> & { heartbeat: unknown }>(
        `select sensor, kind, place, clock_skew_ms, alert, heartbeat, ${times} from sensors order by sensor limit 10000`,
      );
      return rows.map((row) => ({ ...row, heartbeat: Heartbeat.safeParse(row.heartbeat).data ?? null }));
    },
  };
}
