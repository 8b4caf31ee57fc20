import type { Writable } from 'node:stream';
import { startSession } from './assess/assess.ts';
import { recordedSensor } from './collect/recorded-visits.ts';
import { composeActing } from './compose/acting.ts';
import { createAfterStored } from './compose/after-stored.ts';
import { composeAnalyst } from './compose/analyst.ts';
import { ensureApiPort } from './compose/api-port.ts';
import { composeArtifacts } from './compose/artifacts.ts';
import { openAllowList } from './compose/attacker-desk.ts';
import { composeDecide } from './compose/compose-decide.ts';
import { composeOversight } from './compose/compose-oversight.ts';
import { composePipeline } from './compose/compose-pipeline.ts';
import { beginDecoys, noDecoys } from './compose/decoys.ts';
import { offerFirstEntry } from './compose/first-token.ts';
import { runFoldThread } from './compose/fold-thread.ts';
import { type Ground, openGround } from './compose/ground.ts';
import { keepHouse } from './compose/housekeeping.ts';
import { keepHistory } from './compose/keep-history.ts';
import { composeLearning } from './compose/learning/compose-learning.ts';
import { composeLures } from './compose/lures.ts';
import type { Hub } from './compose/mesh/compose-mesh.ts';
import { openOrigins } from './compose/open-origins.ts';
import { composeReadSources } from './compose/read-sources.ts';
import { composeRetention } from './compose/retention.ts';
import { createRetryParked } from './compose/retry-parked.ts';
import { type Served, serveApi } from './compose/serve-api.ts';
import { composeSignals } from './compose/signals.ts';
import { composeStreams } from './compose/streams/compose-streams.ts';
import { learnFromOthers } from './compose/streams/learn-from-others.ts';
import { dutiesOf, type Role } from './compose/streams/roles.ts';
import { openTracing } from './compose/tracing.ts';
import { composeWhoMay } from './compose/who-may.ts';
import type { Config } from './config.ts';
import type { Clock } from './kit/clock.ts';
import type { Log } from './kit/log.ts';
import { createNormalize } from './normalize/normalize.ts';

export interface EngineOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Also play our own recordings as if they happened now. */
  readonly demo: boolean;
  /** Which part of the whole this process is; all of it unless told. */
  readonly role?: Role;
  /** Where the first admin token is shown, once. */
  readonly stdout: Writable;
}

export interface Engine {
  readonly url: string;
  /** Where sensors on other machines come in; null where none may. */
  readonly hub: Hub | null;
  /** How to get into our own decoy; null where there is none. */
  readonly decoy: () => string | null;
  /** Rejects where a lane ends that should not. */
  readonly running: Promise<void>;
  /** Stops reading, lets what is under way end, closes the database. */
  stop(): Promise<void>;
}

/**
 * Builds everything, in the order in which it must exist: the database, what knows, what decides, what acts, what stores, what
 * serves, and last what reads. Stops in reverse.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  await ensureApiPort(options.config.http);
  const stopping = new AbortController();
  const ground = await openGround(options);
  try {
    return await buildOn(ground, options, stopping);
  } catch (error) {
    // What was begun must not keep a process alive that has failed.
    stopping.abort();
    await ground.close();
    throw error;
  }
}

async function buildOn(
  ground: Ground,
  { config, clock, log, demo, role = 'up', stdout }: EngineOptions,
  stopping: AbortController,
): Promise<Engine> {
  const { signal } = stopping;
  const { reads, works } = dutiesOf[role];
  const { database, queries, settings, installKey, registry, figures, bus } = ground;
  const decoys = reads ? beginDecoys(ground, signal) : async () => noDecoys;
  const tracing = await openTracing(config.tracing.otlpUrl);

  // What is known of a visitor.
  const lures = await composeLures({
    ...{ config, database, installKey, clock, log, queries, settings: settings.current },
    guards: () => decider.currentPolicy().policy.guards,
    publish: bus.publish,
  });
  const learning = await composeLearning({ config, database, registry, bus, clock, log });
  const signals = await composeSignals(ground, { lures, learning, actions: () => acting.actions });

  // What decides, and the people above it.
  const allowList = await openAllowList(database);
  const decider = await composeDecide({
    ...{ config, database, installKey, settings, recordedSensor, clock, log },
    ...{ signalsOf: signals.signalsOf, allowed: allowList.networks },
  });
  allowList.onChange(decider.useAllowed);
  const oversight = composeOversight({
    ...{ config, database, installKey, settings, decider, clock, log, findApproval: queries.findApproval },
    undo: [(stop) => acting.adaptations.rollbackAll(stop), (stop) => acting.actions.actions.undoAll(stop)],
  });

  // What carries decisions out.
  const acting = await composeActing(ground, { decider, oversight, lures, tracing, sources: () => sources, signal });
  const told = createAfterStored(ground, { decider, lures, acting });
  const analyst = composeAnalyst({
    ...{ config, database, clock, log, findAnalysis: queries.findAnalysis, decide: decider.decide },
    ...{ readings: signals.readings, policy: decider, cache: signals.cache },
    decided: (decisions) => told.afterStored({ source: analystSource, stored: [], decisions }),
    publish: (analysis) => bus.publish({ type: 'analysis', analysis }),
  });

  // What stores lines, and what reads them.
  const stages = composePipeline({
    ...{ database, clock, timeZone: config.cowrie.timezone, startSession },
    ...{ assess: learning.assess, assessAhead: learning.assessAhead },
    locate: await openOrigins(config),
    isProbe: acting.isOwnVisit,
    trip: lures.trip,
    isWatched: acting.actions.watching.isWatched,
    recallAttackers: decider.recallAttackers,
    decide: decider.decide,
    follow: analyst.follow,
    publish: told.afterStored,
    sessionsLookedUp: figures.sessionLookedUp,
    assessFailed: (event, error) =>
      log.error({ err: error, event: event.id }, 'An event could not be assessed; it is stored without.'),
  });
  const streams = composeStreams(ground, {
    ...{ role, pipeline: tracing.traced(stages), signal },
    onStored: (report) => sources.onStored(report),
  });
  const { pipeline } = streams;
  const artifacts = composeArtifacts({ ...ground, askSensor: acting.mesh.ask });
  const sources = await composeReadSources(ground, {
    ...{ pipeline, reads, demo, signal, decoys, plugins: acting.pluginSources },
  });

  // Where people and programs ask.
  const who = composeWhoMay({ ...ground, url: () => served.url });
  const served: Served = await serveApi({
    ...{ ...ground, who: who.whoMay, lookup: who.lookup },
    ...{ adaptations: acting.adaptations, actions: acting.actions.desk, managedKeys: acting.actions.managedKeys },
    ...{ detectability: acting.detectability, channels: acting.channels, readBlocklist: acting.readBlocklist },
    ...{ oversight: oversight.desk, policyDesk: oversight.policyDesk, policyVersion: decider.policyVersion },
    ...{ reportEffect: decider.effect.report, learning: learning.desk, analyst, modelVersion: told.modelVersion },
    retryParked: createRetryParked({
      ...{ database, onLines: pipeline.onLines, now: () => clock.now() },
      normalize: createNormalize({ timeZone: config.cowrie.timezone }),
    }),
    ...{ receiveLines: sources.receiveLines, sensorDesk: acting.mesh.desk, artifacts: artifacts.artifacts },
    attackerDesk: allowList.desk(async (id) => (await acting.actions.desk.undo(id)).kind === 'undone'),
    sources: () => [...streams.watched(), ...sources.watched(), ...(reads ? acting.mesh.watched() : [])],
  });
  const hub = reads ? await acting.mesh.listen(pipeline, sources.onStored) : null;
  await offerFirstEntry({ tokens: ground.tokens, whoMay: who.whoMay }, stdout);

  const lanes = [
    ...streams.run(),
    ground.audit.run(signal),
    oversight.killSwitch.run(signal),
    ...(works ? work() : []),
    ...(reads ? read() : []),
  ];
  const running = Promise.all(lanes).then(() => undefined);
  await sources.decoys.settled;

  return {
    url: served.url,
    hub,
    decoy: sources.decoys.invitation,
    running,
    async stop() {
      stopping.abort();
      await Promise.allSettled(lanes);
      await Promise.all([served.close(), acting.mesh.close()]);
      await tracing.close();
      signals.cache.close();
      await ground.close();
    },
  };

  /** What takes long with what is stored. */
  function work(): Promise<void>[] {
    const { forgetSessions } = pipeline;
    return [
      ...signals.run(signal),
      runFoldThread({
        job: {
          ...{ databaseUrl: database.url, isEmbedded: database.isEmbedded },
          ...{ stateDir: config.state.dir, timeZone: config.cowrie.timezone },
        },
        ...{ clock, log, onFolded: signals.learnCampaigns, signal },
      }),
      analyst.run(signal),
      ...acting.tellPeople(),
      learning.run({ decide: decider.decide, forgetSessions, decided: told.tellDecisions }, signal),
      decider.effect.run(signal),
      ...(role === 'up' ? [] : [learnFromOthers({ ...lures, ...decider, database, clock, log, signal })]),
      keepHistory({ database, clock, log, signal, eventsStored: async () => (await figures.read()).events_total }),
    ];
  }

  /** What has to do with honeypots. */
  function read(): Promise<void>[] {
    return [
      ...acting.run(),
      artifacts.run(signal),
      lures.run(signal),
      keepHouse({ database, clock, log, signal, alsoEachRound: eachRound }),
      composeRetention(ground).run(signal),
      ...sources.run(),
    ];
  }

  async function eachRound(): Promise<void> {
    await acting.adaptations.expire(signal);
    await lures.endLive();
    await oversight.expire();
    await allowList.refresh();
    await who.sweep();
  }
}

/** Decisions that follow from a reading come from no log. */
const analystSource = { sourceId: 'analyst', kind: 'analyst', place: 'analyses' };
