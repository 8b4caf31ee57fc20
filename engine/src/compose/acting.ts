import type { Decision } from '@cerberusmesh/contract/decision';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Adaptations } from '../act/adaptations.ts';
import { isProbeMark } from '../act/cowrie/probe-mark.ts';
import { createOwnVisits } from '../act/detectability/own-visits.ts';
import type { Channels } from '../serve/routes/channels.ts';
import type { DetectabilityDesk } from '../serve/routes/detectability.ts';
import type { ReadBlocklist } from '../serve/routes/feeds.ts';
import { composeAct } from './act-on-cowrie.ts';
import { type ComposedActions, composeActions } from './actions.ts';
import { composeAskPeople } from './ask-people.ts';
import type { ComposedDecide } from './compose-decide.ts';
import type { ComposedOversight } from './compose-oversight.ts';
import { decoySensor } from './decoy-sensor.ts';
import { composeDetectability } from './detectability.ts';
import type { PluginSources } from './further-sources.ts';
import type { Ground } from './ground.ts';
import { createJobQueue } from './job-queue.ts';
import { composeOwnDecoyDriver } from './launched-own-decoys.ts';
import { composeLockDown } from './lock-down.ts';
import type { Lures } from './lures.ts';
import { composeMesh, type Mesh } from './mesh/compose-mesh.ts';
import { loadPlugins } from './plugins.ts';
import type { ReadSources } from './read-sources.ts';
import { composeReplanting } from './replanting.ts';
import { createJobRunner } from './run-jobs.ts';
import { composeToldPeople } from './tell-people.ts';
import type { Tracing } from './tracing.ts';

export interface Acting {
  readonly adaptations: Adaptations;
  readonly actions: ComposedActions;
  readonly mesh: Mesh;
  readonly detectability: DetectabilityDesk;
  readonly channels: Channels;
  readonly readBlocklist: ReadBlocklist;
  /** Loaded beside the actions of the same folder. */
  readonly pluginSources: PluginSources;
  /** Our probes and tests are no visitors. */
  isOwnVisit(event: SensorEvent): boolean;
  /** Looks for the work of a decision now instead of at the next round. */
  wakeFor(decision: Pick<Decision, 'decision' | 'verdict' | 'also'>): void;
  /** The same for what a person agreed to: any kind of it. */
  wake(): void;
  /** What has to do with honeypots; a promise for each lane. */
  run(): Promise<void>[];
  /** Notices and questions; a promise for each lane. */
  tellPeople(): Promise<void>[];
}

export interface ActingParts {
  readonly decider: ComposedDecide;
  readonly oversight: ComposedOversight;
  readonly lures: Lures;
  readonly tracing: Tracing;
  /** Asked while it runs, because what reads is built last. */
  readonly sources: () => Pick<ReadSources, 'unreadBytes' | 'launchedLogs' | 'decoys'>;
  readonly signal: AbortSignal;
}

/** All that carries decisions out: adaptations, the other actions, sensors elsewhere, people who are told and asked. */
export async function composeActing(ground: Ground, parts: ActingParts): Promise<Acting> {
  const { config, database, installKey, queries, clock, log, bus } = ground;
  const { decider, oversight, lures, tracing, sources, signal } = parts;
  const ownDecoys = composeOwnDecoyDriver(config);
  const act = composeAct({
    ...{ config, database, installKey, clock, log },
    objection: oversight.objection,
    findLaunched: (sensor) => actions.findSensor(sensor) ?? mesh.findSensor(sensor),
    ended: (id) => void showAdaptation(id),
    planted: lures.planted,
    unreadBytes: () => sources().unreadBytes(),
    decoy: (sensor) => (sensor === decoySensor ? sources().decoys.running() : ownDecoys.running(sensor)),
    launchedDirs: () => actions.launchedDirs(),
  });
  const people = composeToldPeople({ config, database, clock, log });
  const questions = composeAskPeople({
    ...{ config, database, clock, log, links: oversight.links, queue: people.queue },
  });
  const mesh = composeMesh({
    ...{ config, database, installKey, clock, log, tell: people.queue },
    connected: () => void recover(),
  });
  const lockDown = composeLockDown({ config, database, clock, policy: decider.currentPolicy });
  const plugins = await loadPlugins(config, log);
  const actions = await composeActions({
    ...{ config, database, installKey, clock, log, findAction: queries.findAction },
    ...{ lures: composeReplanting(database, act.adaptations), logs: () => sources().launchedLogs },
    furtherActions: [people.action, lockDown.action, plugins.action],
    ...{ furtherDrivers: [ownDecoys], plugins: lures },
    publish: (action) => bus.publish({ type: 'action', action }),
    approve: oversight.approve,
    objection: oversight.objection,
    trapOrdered: () => jobs.wake(),
  });
  const ownVisits = createOwnVisits(clock);
  const detectability = composeDetectability({
    ...{ config, database, installKey, clock, ownVisits },
    findLaunched: (sensor) => actions.findSensor(sensor),
    decoy: () => sources().decoys.running(),
    sensorOf: async (id) => (await queries.findAdaptation(id))?.sensor ?? null,
  });
  const jobs = createJobRunner({
    queue: createJobQueue(database),
    handlers: new Map([
      ['act', tracing.tracedJob('act', oversight.killSwitch.guard(act.handle))],
      ['detect', detectability.handle],
    ]),
    clock,
    onFailure: (job, error) =>
      log.warn({ err: error, job: job?.id, kind: job?.kind }, 'A job failed; it is tried again later.'),
  });

  return {
    ...{ actions, mesh, adaptations: act.adaptations, detectability: detectability.desk },
    ...{ channels: people.channels, readBlocklist: lockDown.readBlocklist, pluginSources: plugins.sources },
    isOwnVisit: (event) => isOwnProbe(event, installKey, mesh) || ownVisits.isOne(event),
    wakeFor({ decision, verdict, also }) {
      if (verdict === 'ask') questions.wake();
      if (verdict !== 'act') return;
      if (decision === 'insert_trap') jobs.wake();
      if (decision !== 'insert_trap' || also.length > 0) actions.wake();
    },
    wake() {
      jobs.wake();
      actions.wake();
    },
    run: () => [jobs.run(signal), actions.run(signal), mesh.run(signal), recover(), ownDecoys.run(signal)],
    tellPeople: () => [people.run(signal), questions.run(signal)],
  };

  async function showAdaptation(id: string): Promise<void> {
    const adaptation = await queries.findAdaptation(id).catch(() => undefined);
    if (adaptation) bus.publish({ type: 'adaptation', adaptation });
    await detectability.afterAdaptation(id).catch((error: unknown) => log.warn({ err: error }, 'No test was queued.'));
  }

  async function recover(): Promise<void> {
    await act.adaptations.recover(signal).catch((error: unknown) => {
      log.warn({ err: error }, 'What an earlier run left unfinished could not be finished yet.');
    });
  }
}

function isOwnProbe({ detail, sensor }: SensorEvent, installKey: Uint8Array, mesh: Mesh): boolean {
  if (detail.kind !== 'client' || detail.version === undefined) return false;
  return isProbeMark(installKey, detail.version) || mesh.isProbeMark(sensor, detail.version);
}
