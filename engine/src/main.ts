import type { Writable } from 'node:stream';
import { composeActing } from './compose/acting.ts';
import { composeArtifacts } from './compose/artifacts.ts';
import { composeDeciding } from './compose/deciding.ts';
import { type Ground, openGround } from './compose/ground.ts';
import { abandon, giveHeadStart, type HeadStart } from './compose/head-start.ts';
import { composeKnowing } from './compose/knowing.ts';
import { runLanes } from './compose/lanes.ts';
import type { Hub } from './compose/mesh/compose-mesh.ts';
import { composeReadSources } from './compose/read-sources.ts';
import { composeServing } from './compose/serving.ts';
import { composeStoring } from './compose/storing.ts';
import { composeStreams } from './compose/streams/compose-streams.ts';
import { dutiesOf, type Role } from './compose/streams/roles.ts';
import { openTracing } from './compose/tracing.ts';
import type { Config } from './config.ts';
import type { Clock } from './kit/clock.ts';
import type { Log } from './kit/log.ts';

export interface EngineOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** Also play our own recordings as if they happened now. */
  readonly demo: boolean;
  /** Which part of the whole this process is; all of it unless told. */
  readonly role?: Role;
  /** Given where it began while this module was still being loaded. */
  readonly headStart?: HeadStart;
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
  const headStart = options.headStart ?? (await giveHeadStart(options));
  let ground: Ground | undefined;
  try {
    ground = await openGround({ ...options, server: headStart.server });
    return await buildOn(ground, options, headStart);
  } catch (error) {
    // What was begun must not keep a process alive that has failed.
    headStart.stopping.abort();
    await ground?.close();
    await abandon(headStart);
    throw error;
  }
}

async function buildOn(
  ground: Ground,
  { config, demo, stdout }: EngineOptions,
  { stopping, decoys }: HeadStart,
): Promise<Engine> {
  const { signal } = stopping;
  const { reads } = dutiesOf[ground.role];
  const tracing = await openTracing(config.tracing.otlpUrl);

  const knowing = await composeKnowing(ground, {
    guards: () => deciding.decider.currentPolicy().policy.guards,
    actions: () => acting.actions,
  });
  const deciding = await composeDeciding(ground, {
    signalsOf: knowing.signals.signalsOf,
    undo: [(stop) => acting.adaptations.rollbackAll(stop), (stop) => acting.actions.actions.undoAll(stop)],
  });
  const acting = await composeActing(ground, {
    ...{ ...deciding, lures: knowing.lures, tracing, sources: () => sources, signal },
  });
  const storing = await composeStoring(ground, { ...knowing, ...deciding, acting });
  const streams = composeStreams(ground, {
    ...{ role: ground.role, pipeline: tracing.traced(storing.pipeline), signal },
    onStored: (report) => sources.onStored(report),
  });
  const { pipeline } = streams;
  const artifacts = composeArtifacts({ ...ground, askSensor: acting.mesh.ask });
  const sources = await composeReadSources(ground, {
    ...{ pipeline, reads, demo, signal, decoys, plugins: acting.pluginSources },
  });
  const parts = { ...knowing, ...deciding, ...storing, acting, pipeline };
  const serving = await composeServing(ground, {
    ...{ ...parts, artifacts: artifacts.artifacts, receiveLines: sources.receiveLines, stdout },
    watched: () => [...streams.watched(), ...sources.watched(), ...(reads ? acting.mesh.watched() : [])],
  });
  const hub = reads ? await acting.mesh.listen(pipeline, sources.onStored) : null;

  const lanes = runLanes(ground, { ...parts, streams, sources, artifacts, serving, signal });
  const running = Promise.all(lanes).then(() => undefined);
  // Who reads "is up" may rotate the log and pull the plug: what was written until then must be found again.
  await Promise.all([sources.decoys.settled, sources.begun()]);

  return {
    url: serving.url,
    hub,
    decoy: sources.decoys.invitation,
    running,
    async stop() {
      stopping.abort();
      await Promise.allSettled(lanes);
      await Promise.all([serving.close(), acting.mesh.close()]);
      await tracing.close();
      knowing.signals.cache.close();
      await ground.close();
    },
  };
}
