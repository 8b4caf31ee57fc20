import type { Reader } from './reader.ts';

export interface SeenTechnique {
  readonly id: string;
  readonly events: number;
  readonly first_seen: string;
  readonly last_seen: string;
}

/** Reads of `rollup_techniques`, which has a row for each technique that was ever seen. */
export function createTechniqueReads(reader: Reader) {
  return {
    /** Busiest first. */
    async readTechniques(): Promise<readonly SeenTechnique[]> {
      return await reader.rows<SeenTechnique>(
        `select technique as id, events::float8 as events,
                to_char(first_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as first_seen,
                to_char(last_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as last_seen
           from rollup_techniques where events > 0 order by events desc, technique`,
        [],
      );
    },
  };
}
