import { CerberusError } from '@cerberusmesh/contract/errors';
import type { QueryResultRow } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import type { Reader } from './reader.ts';

/** A replica that did not answer is not asked for so long: each question would wait for it first. */
const restMs = 10_000;

/** Asks a streaming replica, and the primary where that cannot answer (away, not in, behind a migration). */
export function createReplicaReader(parts: {
  readonly replica: Reader;
  readonly primary: Reader;
  readonly clock: Pick<Clock, 'now'>;
  /** Told once when it begins to fail, with why; and once when it answers again. */
  readonly onAway: (why: unknown) => void;
  readonly onBack: () => void;
}): Reader {
  const { replica, primary, clock, onAway, onBack } = parts;
  let isAway = false;
  let restsUntilMs = 0;

  return {
    async rows<Row extends QueryResultRow>(statement: string, values?: readonly unknown[]) {
      if (clock.now().getTime() < restsUntilMs) return await primary.rows<Row>(statement, values);
      try {
        const rows = await replica.rows<Row>(statement, values);
        if (isAway) onBack();
        isAway = false;
        return rows;
      } catch (error) {
        if (isOfTheQuestion(error)) throw error;
        restsUntilMs = clock.now().getTime() + restMs;
        if (!isAway) onAway(error);
        isAway = true;
        return await primary.rows<Row>(statement, values);
      }
    },
  };
}

const ofTheServer: readonly string[] = ['DATABASE_AWAY', 'DATABASE_BUSY'];

/** The primary would say the same. */
function isOfTheQuestion(error: unknown): boolean {
  return error instanceof CerberusError && !ofTheServer.includes(error.code);
}
