import type { Writable } from 'node:stream';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { isProbeMark } from './act/cowrie/probe-mark.ts';
import { createOwnVisits } from './act/detectability/own-visits.ts';
import { startSession } from './assess/assess.ts';
import { recordedSensor } from './collect/recorded-visits.ts';
import { composeAct } from './compose/act-on-cowrie.ts';
import { composeActions } from './compose/actions.ts';
import { composeAnalyst } from './compose/analyst.ts';
import { composeArtifacts } from './compose/artifacts.ts';
import { composeHashLookups, configuredHashProviders } from './compose/ask-hashes.ts';
import { composeAskPeople } from './compose/ask-people.ts';
import { configuredProviders, openReputation } from './compose/ask-reputation.ts';
import { openAllowList } from './compose/attacker-desk.ts';
import { composeDecide } from './compose/compose-decide.ts';
import { composeOversight } from './compose/compose-oversight.ts';
import { composePipeline } from './compose/compose-pipeline.ts';
import { decoySensor } from './compose/decoy-sensor.ts';
import { beginDecoys, noDecoys } from './compose/decoys.ts';
import { composeDetectability } from './compose/detectability.ts';
import { offerFirstEntry } from './compose/first-token.ts';
import { runFoldThread } from './compose/fold-thread.ts';
import { type Ground, openGround } from './compose/ground.ts';
import { keepHouse } from './compose/housekeeping.ts';
import { keepHistory } from './compose/keep-history.ts';
import { composeOwnDecoyDriver } from './compose/launched-own-decoys.ts';
import { composeLearning } from './compose/learning/compose-learning.ts';
import { openLiveCampaigns } from './compose/live-campaigns.ts';
import { publishBatch } from './compose/live-messages.ts';
import { composeLockDown } from './compose/lock-down.ts';
import { composeLures } from './compose/lures.ts';
import { composeMesh, type Hub, type Mesh } from './compose/mesh/compose-mesh.ts';
import { openOrigins } from './compose/open-origins.ts';
import { loadPlugins } from './compose/plugins.ts';
import { composeReadSources } from './compose/read-sources.ts';
import { createReadings } from './compose/readings.ts';
import { composeReplanting } from './compose/replanting.ts';
import { composeRetention } from './compose/retention.ts';
import { createRetryParked } from './compose/retry-parked.ts';
import { createJobRunner } from './compose/run-jobs.ts';
import { type Served, serveApi } from './compose/serve-api.ts';
import { openSharedCache } from './compose/shared-cache.ts';
import { composeStreams } from './compose/streams/compose-streams.ts';
import { learnFromOthers } from './compose/streams/learn-from-others.ts';
import { dutiesOf, type Role } from './compose/streams/roles.ts';
import { composeToldPeople } from './compose/tell-people.ts';
import { openTracing } from './compose/tracing.ts';
import { composeWhoMay } from './compose/who-may.ts';
import type { Config } from './config.ts';
import type { Clock } from './kit/clock.ts';
import type { Log } from './kit/log.ts';
import { createNormalize } from './normalize/normalize.ts';
import type { PublishedBatch } from './pipeline.ts';
import { completeJob, failJob, takeJob } from './store/jobs.ts';

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
 * Builds everything, in the order in which it must exist: the database, what consumes, what serves, and last what
 * reads. Stops in reverse.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
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
  const { database, queries, settings, tokens, installKey, audit, registry, figures, bus } = ground;
  const decoys = reads ? beginDecoys(ground, signal) : async () => noDecoys;

  const lures = await composeLures({
    ...{ config, database, installKey, clock, log, queries, settings: settings.current },
    guards: () => decider.currentPolicy().policy.guards,
    publish: (message) => bus.publish(message),
  });
  const campaigns = await openLiveCampaigns(database, clock.now());
  const cache = await openSharedCache(ground);
  const reputation = await openReputation({
    ...{ database, clock, log, cache },
    providers: configuredProviders(config, clock),
  });
  const hashLookups = composeHashLookups({
    ...{ database, clock, log, cache },
    providers: configuredHashProviders(config, clock),
  });
  const readings = createReadings();
  const signalsOf = (change: SessionChange) => ({
    campaign: campaignOf(change),
    reputation: reputation.reputationOf(change.event.sourceIp),
    llm: readings.find(change.event),
    touches: lures.touchesOf(change.event.sourceIp),
    managedKey: actions.triedKeyOf(change.session),
    crackedLure: lures.crackedBy(change),
    ...learning.soFar(change.session),
  });
  const allowList = await openAllowList(database);
  const decider = await composeDecide({
    ...{ config, database, installKey, settings, recordedSensor, clock, log, signalsOf, allowed: allowList.networks },
  });
  allowList.onChange(decider.useAllowed);
  const oversight = composeOversight({
    ...{ config, database, installKey, settings, decider, clock, log, findApproval: queries.findApproval },
    undo: [(stop) => act.adaptations.rollbackAll(stop), (stop) => actions.actions.undoAll(stop)],
  });
  const learning = await composeLearning({ config, database, registry, bus, clock, log });
  const ownDecoys = composeOwnDecoyDriver(config);
  const act = composeAct({
    config,
    database,
    installKey,
    clock,
    log,
    findLaunched: (sensor) => actions.findSensor(sensor) ?? mesh.findSensor(sensor),
    ended: (id) => void showAdaptation(id),
    planted: lures.planted,
    unreadBytes: () => sources.unreadBytes(),
    decoy: (sensor) => (sensor === decoySensor ? sources.decoys.running() : ownDecoys.running(sensor)),
    launchedDirs: () => actions.launchedDirs(),
  });
  const tracing = await openTracing(config.tracing.otlpUrl);
  const toldPeople = composeToldPeople({ config, database, clock, log });
  const mesh = composeMesh({
    config,
    database,
    installKey,
    tell: toldPeople.queue,
    clock,
    log,
    connected: () => void recover(),
  });
  const questions = composeAskPeople({
    ...{ config, database, clock, log, links: oversight.links, queue: toldPeople.queue },
  });
  const lockDown = composeLockDown({ config, database, clock, policy: decider.currentPolicy });
  const plugins = await loadPlugins(config, log);
  const actions = await composeActions({
    ...{ config, database, installKey, clock, log, findAction: queries.findAction },
    ...{ lures: composeReplanting(database, act.adaptations), logs: () => sources.launchedLogs },
    furtherActions: [toldPeople.action, lockDown.action, plugins.action],
    ...{ furtherDrivers: [ownDecoys], plugins: lures },
    publish: (action) => bus.publish({ type: 'action', action }),
    approve: oversight.approve,
    objection: oversight.objection,
    trapOrdered: () => jobs.wake(),
  });
  const analyst = composeAnalyst({
    ...{ config, database, clock, log, findAnalysis: queries.findAnalysis, decide: decider.decide },
    ...{ readings, policy: decider, cache },
    decided: (decisions) => afterStored({ source: analystSource, stored: [], decisions }),
    publish: (analysis) => bus.publish({ type: 'analysis', analysis }),
  });
  const ownVisits = createOwnVisits(clock);
  const detectability = composeDetectability({
    ownVisits,
    ...{ config, database, installKey, clock, findLaunched: (sensor) => actions.findSensor(sensor) },
    decoy: () => sources.decoys.running(),
    sensorOf: async (id) => (await queries.findAdaptation(id))?.sensor ?? null,
  });
  const jobs = createJobRunner({
    queue: {
      take: (kinds, lockSeconds, doneId) => takeJob(database.pool, kinds, lockSeconds, doneId),
      complete: (id) => completeJob(database.pool, id),
      fail: (job, error, waitMs) => failJob(database.pool, job, error, waitMs),
    },
    handlers: new Map([
      ['act', tracing.tracedJob('act', oversight.killSwitch.guard(act.handle))],
      ['detect', detectability.handle],
    ]),
    clock,
    onFailure: (job, error) =>
      log.warn({ err: error, job: job?.id, kind: job?.kind }, 'A job failed; it is tried again later.'),
  });

  let modelVersion: string | null = null;
  const stages = composePipeline({
    database,
    clock,
    timeZone: config.cowrie.timezone,
    assess: learning.assess,
    assessAhead: learning.assessAhead,
    startSession,
    locate: await openOrigins(config),
    isProbe: (event) => isOwnProbe(event, installKey, mesh) || ownVisits.isOne(event),
    trip: lures.trip,
    isWatched: actions.watching.isWatched,
    recallAttackers: decider.recallAttackers,
    decide: decider.decide,
    follow: analyst.follow,
    publish: afterStored,
    sessionsLookedUp: figures.sessionLookedUp,
    assessFailed: (event, error) =>
      log.error({ err: error, event: event.id }, 'An event could not be assessed; it is stored without.'),
  });
  const streams = composeStreams(ground, {
    ...{ role, pipeline: tracing.traced(stages), signal },
    onStored: (report) => sources.onStored(report),
  });
  const { pipeline } = streams;
  const artifacts = composeArtifacts({ ...ground, askSensor: mesh.ask });
  const sources = await composeReadSources(ground, {
    ...{ pipeline, reads, demo, signal, decoys },
    plugins: plugins.sources,
  });

  const normalize = createNormalize({ timeZone: config.cowrie.timezone });
  const who = composeWhoMay({ ...ground, url: () => served.url });
  const served: Served = await serveApi({
    ...{ ...ground, who: who.whoMay, lookup: who.lookup },
    adaptations: act.adaptations,
    actions: actions.desk,
    learning: learning.desk,
    managedKeys: actions.managedKeys,
    oversight: oversight.desk,
    policyDesk: oversight.policyDesk,
    reportEffect: decider.effect.report,
    detectability: detectability.desk,
    ...{ channels: toldPeople.channels, readBlocklist: lockDown.readBlocklist },
    retryParked: createRetryParked({ database, normalize, onLines: pipeline.onLines, now: () => clock.now() }),
    receiveLines: sources.receiveLines,
    sensorDesk: mesh.desk,
    artifacts: artifacts.artifacts,
    attackerDesk: allowList.desk(async (id) => (await actions.desk.undo(id)).kind === 'undone'),
    sources: () => [...streams.watched(), ...sources.watched(), ...(reads ? mesh.watched() : [])],
    policyVersion: decider.policyVersion,
    analyst,
    modelVersion: () => modelVersion,
  });
  const hub = reads ? await mesh.listen(pipeline, sources.onStored) : null;
  await offerFirstEntry({ tokens, whoMay: who.whoMay }, stdout);

  const lanes = [
    ...streams.run(),
    audit.run(signal),
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
      await Promise.all([served.close(), mesh.close()]);
      await tracing.close();
      cache.close();
      await ground.close();
    },
  };

  /** What takes long with what is stored. */
  function work(): Promise<void>[] {
    const { forgetSessions } = pipeline;
    return [
      reputation.run(signal),
      hashLookups.run(signal),
      runFoldThread({
        job: {
          ...{ databaseUrl: database.url, isEmbedded: database.isEmbedded },
          ...{ stateDir: config.state.dir, timeZone: config.cowrie.timezone },
        },
        ...{ clock, log, onFolded: campaigns.learn, signal },
      }),
      analyst.run(signal),
      toldPeople.run(signal),
      questions.run(signal),
      learning.run({ decide: decider.decide, forgetSessions, decided: tellDecisions }, signal),
      decider.effect.run(signal),
      ...(role === 'up' ? [] : [learnFromOthers({ ...lures, ...decider, database, clock, log, signal })]),
      keepHistory({ database, clock, log, signal, eventsStored: async () => (await figures.read()).events_total }),
    ];
  }

  /** What has to do with honeypots. */
  function read(): Promise<void>[] {
    return [
      jobs.run(signal),
      actions.run(signal),
      mesh.run(signal),
      artifacts.run(signal),
      recover(),
      lures.run(signal),
      ownDecoys.run(signal),
      keepHouse({ database, clock, log, signal, alsoEachRound: eachRound }),
      composeRetention(ground).run(signal),
      ...sources.run(),
    ];
  }

  /** Who shows a watched campaign is watched from then on. */
  function campaignOf(change: SessionChange): string | null {
    const campaign = campaigns.campaignOf(change);
    actions.watching.meet(campaign, change.event.sourceIp);
    return campaign;
  }

  function afterStored(batch: PublishedBatch): void {
    lures.afterStored(batch);
    modelVersion ??= batch.stored.at(-1)?.assessment?.modelVersion ?? null;
    tellDecisions(batch.decisions);
    actions.watching.afterStored(batch);
    publishBatch(bus, batch, actions.watching.isWatched);
  }

  function tellDecisions(decisions: readonly Decision[]): void {
    decider.made(decisions);
    for (const decision of decisions) tellDecision(decision);
  }

  function tellDecision(decision: Decision): void {
    figures.decisionStored(Math.max(0, clock.now().getTime() - Date.parse(decision.decidedAt)));
    if (decision.verdict === 'ask') questions.wake();
    if (decision.verdict === 'act') (decision.decision === 'insert_trap' ? jobs : actions).wake();
    const level = decision.verdict === 'nothing' && decision.guard === null ? 'debug' : 'info';
    log[level]({ decision: decision.decision, rule: decision.rule, session: decision.sessionId }, decision.why);
  }

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

  async function eachRound(): Promise<void> {
    await act.adaptations.expire(signal);
    await lures.endLive();
    await oversight.expire();
    await allowList.refresh();
    await who.sweep();
  }
}

/** Decisions that follow from a reading come from no log. */
const analystSource = { sourceId: 'analyst', kind: 'analyst', place: 'analyses' };

function isOwnProbe({ detail, sensor }: SensorEvent, installKey: Uint8Array, mesh: Mesh): boolean {
  if (detail.kind !== 'client' || detail.version === undefined) return false;
  return isProbeMark(installKey, detail.version) || mesh.isProbeMark(sensor, detail.version);
}
