import { ActionRequest } from '@cerberusmesh/contract/action';
import { Decision } from '@cerberusmesh/contract/decision';
import type { ActionStore } from '../act/action-store.ts';
import type { ActionOutcome, ActionsOptions } from '../act/actions.ts';
import { type Adaptations, actJobOf, createAdaptations } from '../act/adaptations.ts';
import { announcerOf } from '../act/cowrie/plugin/announce.ts';
import { createProbe, type Probe } from '../act/cowrie/probe.ts';
import { createRestart } from '../act/cowrie/restart.ts';
import type { RunningDecoy } from '../act/decoys/decoy-process.ts';
import { type ActSensor, createCowriePlace } from '../act/insert-trap/cowrie-place.ts';
import { createDecoyPlace } from '../act/insert-trap/decoy-place.ts';
import type { TrapPlace } from '../act/insert-trap/trap-place.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import { createAdaptationStore } from '../store/adaptations.ts';
import type { Database } from '../store/database.ts';
import { countLiveSessions } from '../store/sessions.ts';
import { decoySensor } from './decoy-sensor.ts';
import { ownDecoyFolder } from './launched-own-decoys.ts';
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
  /** Why nothing may be begun at all. */
  readonly objection?: NonNullable<ActionsOptions['objection']>;
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

const lifetimeSeconds = 7 * 86_400;

/** What adaptations are carried out on (the configured Cowrie, launched and remote ones, our own decoys), and the handler of `act` jobs. */
export function composeAct(parts: ActParts): { adaptations: Adaptations; handle: JobHandler } {
  const { config, database, clock } = parts;
  const { dir, host, port } = config.cowrie;
  const probe = probeOf(parts);
  const restart = restartOf(parts);
  const adaptations = createAdaptations({
    store: tellingOf(createAdaptationStore(database), parts.planted),
    findPlace,
    clock,
    dryRun: config.agent.dryRun,
    ...(parts.objection === undefined ? {} : { objection: parts.objection }),
    ended: (outcome) => tell(outcome, parts),
  });
  return {
    adaptations,
    async handle(payload, signal) {
      const ordered = ActionRequest.safeParse(payload);
      if (ordered.success) await adaptations.order(ordered.data, signal);
      else await adaptations.run(actJobOf(Decision.parse(payload)), signal);
    },
  };

  function findPlace(sensor: string): TrapPlace | undefined {
    if (sensor === decoySensor || ownDecoyFolder(config, sensor)) return createDecoyPlace(() => parts.decoy?.(sensor));
    const launched = parts.findLaunched?.(sensor);
    if (launched) return createCowriePlace(launched, { probe, lifetimeSeconds });
    // Besides those that we launched there is one Cowrie beside us; its log says under which name it writes.
    if (dir === null) return undefined;
    const configured = { sensor, cowrieDir: dir, host, port, logPath: config.cowrie.logPath, restart: restart(sensor) };
    return createCowriePlace(configured, { probe, lifetimeSeconds });
  }
}

function probeOf({ config, installKey, clock, launchedDirs }: ActParts): Probe {
  const { dir } = config.cowrie;
  return createProbe({
    key: installKey,
    now: () => clock.now(),
    // Whichever it visits: to the others it says nothing.
    async announce(version) {
      const dirs = [...(dir === null ? [] : [dir]), ...(launchedDirs?.() ?? [])];
      await Promise.all(dirs.map((each) => announcerOf(each)(version)));
    },
  });
}

/** The lures of an adaptation are known to the fast lane before anything is written into the honeypot. */
function tellingOf<S extends ActionStore>(store: S, planted: ActParts['planted']): S {
  return {
    ...store,
    async insert(adaptation) {
      const stored = await store.insert(adaptation);
      if (stored.status === 'planned') await planted?.(stored.id);
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

function tell(outcome: ActionOutcome, { log, ended }: ActParts): void {
  const { target, status } = outcome;
  const level = status === 'failed' || status === 'undoing' ? 'warn' : 'info';
  log[level]({ ...outcome }, `Adaptation ${target}: ${status === 'undone' ? 'rolled_back' : status}.`);
  ended(outcome.id);
}
