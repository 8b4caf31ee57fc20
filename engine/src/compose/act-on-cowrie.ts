import { Decision } from '@cerberusmesh/contract/decision';
import { createProbe } from '../act/cowrie/probe.ts';
import { type ActionRunner, type ActLog, actJobOf, createActionRunner } from '../act/runner.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import { createAdaptationStore } from '../store/adaptations.ts';
import type { Database } from '../store/database.ts';
import type { JobHandler } from './run-jobs.ts';

export interface ActParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, sentence: string): unknown;
    warn(fields: object, sentence: string): unknown;
  };
  /** Told of every adaptation that has ended, one way or the other. */
  readonly ended: (adaptationId: string) => void;
}

/** The configured Cowrie as something that can be acted on, and the handler of `act` jobs. */
export function composeAct(parts: ActParts): { runner: ActionRunner; handle: JobHandler } {
  const { config, database, installKey, clock } = parts;
  const { dir, host, port } = config.cowrie;
  const runner = createActionRunner({
    store: createAdaptationStore(database),
    // One Cowrie beside us, whatever name it gives itself in its log.
    findSensor: (sensor) => (dir === null ? undefined : { sensor, cowrieDir: dir, host, port }),
    probe: createProbe({ key: installKey, now: () => clock.now() }),
    clock,
    dryRun: config.agent.dryRun,
    log: tellOutcomes(parts),
  });
  return {
    runner,
    async handle(payload, signal) {
      await runner.run(actJobOf(Decision.parse(payload)), signal);
    },
  };
}

function tellOutcomes({ log, ended }: ActParts): ActLog {
  return {
    adaptationEnded(outcome) {
      const level = outcome.status === 'failed' ? 'warn' : 'info';
      log[level]({ ...outcome }, `Adaptation ${outcome.actionType}: ${outcome.status}.`);
      ended(outcome.id);
    },
  };
}
