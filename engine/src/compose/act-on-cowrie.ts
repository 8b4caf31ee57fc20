import { Decision } from '@cerberusmesh/contract/decision';
import type { ActSensor } from '../act/carry-out.ts';
import { announcerOf } from '../act/cowrie/plugin/announce.ts';
import { createProbe } from '../act/cowrie/probe.ts';
import { createRestart } from '../act/cowrie/restart.ts';
import type { RunningDecoy } from '../act/decoys/decoy-process.ts';
import { createPlantLures } from '../act/decoys/plant-lures.ts';
import { type ActionRunner, type ActLog, type AdaptationStore, actJobOf, createActionRunner } from '../act/runner.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import { createAdaptationStore } from '../store/adaptations.ts';
import type { Database } from '../store/database.ts';
import { countLiveSessions } from '../store/sessions.ts';
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
  /** Of a Cowrie that was launched by us. */
  readonly findLaunched?: (sensor: string) => ActSensor | undefined;
  /** Told of every adaptation that has ended, one way or the other. */
  readonly ended: (adaptationId: string) => void;
  /** Of Cowrie's log, so that a restart loses none of it; null while that is not known. */
  readonly unreadBytes: () => number | null;
  /** Told before visitors can see what it plants. */
  readonly planted?: (adaptationId: string) => Promise<void>;
  /** Our own decoy, where traps appear in running sessions. */
  readonly decoy?: (sensor: string) => RunningDecoy | undefined;
  /** Of Cowries that were launched by us. */
  readonly launchedDirs?: () => readonly string[];
}

/** The name under which our own decoy writes its log. */
export const decoySensor = 'decoy';
const plantSeconds = 10;

/** The configured Cowrie as something that can be acted on, and the handler of `act` jobs. */
export function composeAct(parts: ActParts): { runner: ActionRunner; handle: JobHandler } {
  const { config, database, installKey, clock } = parts;
  const { dir, host, port } = config.cowrie;
  const restart = restartOf(parts);
  const store = tellingOf(createAdaptationStore(database), parts.planted);
  const log = tellOutcomes(parts);
  const plantLures = createPlantLures({
    ...{
      store,
      clock,
      decoy: (sensor) => parts.decoy?.(sensor),
      dryRun: config.agent.dryRun,
      deadlineSeconds: plantSeconds,
    },
  });
  const runner = createActionRunner({
    store,
    // Besides those that we launched there is one Cowrie beside us, whatever name it gives itself in its log.
    findSensor: (sensor) =>
      parts.findLaunched?.(sensor) ??
      (dir === null || sensor === decoySensor
        ? undefined
        : { sensor, cowrieDir: dir, host, port, restart: restart(sensor) }),
    probe: createProbe({
      key: installKey,
      now: () => clock.now(),
      // Whichever it visits: to the others it says nothing.
      async announce(version) {
        const dirs = [...(dir === null ? [] : [dir]), ...(parts.launchedDirs?.() ?? [])];
        await Promise.all(dirs.map((each) => announcerOf(each)(version)));
      },
    }),
    clock,
    dryRun: config.agent.dryRun,
    log,
  });
  return {
    runner,
    async handle(payload, signal) {
      const job = actJobOf(Decision.parse(payload));
      const isOurs = job.sensor === decoySensor || parts.decoy?.(job.sensor) !== undefined;
      if (!isOurs) await runner.run(job, signal);
      else for (const outcome of await plantLures(job, signal)) log.adaptationEnded(outcome);
    },
  };
}

/** The lures of an adaptation are known to the fast lane before anything is written into the honeypot. */
function tellingOf(store: AdaptationStore, planted: ActParts['planted']): AdaptationStore {
  return {
    ...store,
    async insert(adaptation) {
      const stored = await store.insert(adaptation);
      if (adaptation.lures.length > 0) await planted?.(stored.id);
      return stored;
    },
  };
}

/** What cannot be told apart from a visitor counts as one: a session of this sensor that has not ended. */
function restartOf({ config, database, clock, unreadBytes }: ActParts) {
  return (sensor: string) =>
    createRestart({
      command: config.cowrie.restartCommand,
      countLive: () => countLiveSessions(database.pool, sensor),
      unreadBytes,
      clock,
    });
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
