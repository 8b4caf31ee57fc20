import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { ReceiveLines } from '../serve/routes/ingest.ts';
import { findPosition } from '../store/sources.ts';
import { type BegunDecoys, type Decoys, noDecoys } from './decoys.ts';
import { followLog, sourceOf } from './follow-log.ts';
import { createFollowedLogs, type FollowedLogs } from './followed-logs.ts';
import { composeFurtherSources, type PluginSources } from './further-sources.ts';
import type { Ground } from './ground.ts';
import { playDemo, watchedDemo } from './play-demo.ts';
import { createReceiveLines } from './receive-lines.ts';

export interface ReadSources {
  readonly launchedLogs: FollowedLogs;
  readonly decoys: Decoys;
  /** Resolves when it is stored that the configured Cowrie is followed, or takes so long that nothing should wait for it. */
  readonly begun: () => Promise<void>;
  /** Stores what is pushed. */
  readonly receiveLines: ReceiveLines;
  /** Counts a batch that came another way. */
  onStored(report: BatchReport): void;
  /** Of the configured Cowrie. */
  unreadBytes(): number | null;
  watched(): readonly WatchedSource[];
  /** One promise for each reader; rejects where it ends that should not. */
  run(): Promise<void>[];
}

/** It takes one small batch; on a machine that has much to do, or without its database, longer. The engine serves meanwhile. */
const begunMsMax = 20_000;

/** All that is read: the configured Cowrie's log, our own decoys', those of launched Cowries, what is pushed, and recordings when asked. */
export async function composeReadSources(
  ground: Pick<Ground, 'config' | 'clock' | 'log' | 'database' | 'figures' | 'installKey'>,
  options: {
    readonly pipeline: Pipeline;
    /** False where others read: only what is pushed here is taken. */
    readonly reads: boolean;
    readonly demo: boolean;
    readonly signal: AbortSignal;
    readonly plugins: PluginSources;
    readonly decoys: BegunDecoys;
  },
): Promise<ReadSources> {
  const { config, clock, log, database, figures } = ground;
  const { pipeline, demo, signal } = options;
  const launchedLogs = createFollowedLogs({ database, pipeline, onStored, clock, log, signal });
  const pushed = createReceiveLines({ database, pipeline, onStored, clock });
  if (!options.reads) {
    const [receiveLines, watched] = [pushed.receive, pushed.watched];
    const nothing = { decoys: noDecoys, begun: async () => undefined, unreadBytes: () => null, run: () => [] };
    return { ...nothing, launchedLogs, receiveLines, onStored, watched };
  }
  const followed = await follow(config.cowrie.logPath, config.origins['cowrie.logPath'] === undefined);
  const decoys = await options.decoys({ database, follow });
  const further = await composeFurtherSources(ground, { pipeline, onStored, signal, plugins: options.plugins });

  return {
    launchedLogs,
    decoys,
    begun: () => Promise.race([followed.begun, clock.sleep(begunMsMax, signal)]),
    receiveLines: pushed.receive,
    onStored,
    unreadBytes: () => followed.watched().lagBytes,
    watched: () => [
      ...[
        followed.watched(),
        ...decoys.watched(),
        ...launchedLogs.watched(),
        ...pushed.watched(),
        ...further.watched(),
      ],
      ...(demo ? [watchedDemo] : []),
    ],
    run: () => [
      followed.run(),
      decoys.run(signal),
      launchedLogs.run(),
      ...further.run(),
      ...(demo ? [playDemo({ pipeline, clock, onStored, signal })] : []),
    ],
  };

  function find(sourceId: string): Promise<unknown> {
    return findPosition(database.pool, sourceId);
  }

  async function follow(path: string, isUsualPlace = false) {
    const position = await find(sourceOf(path).sourceId);
    return followLog({ path, position, findPosition: find, isUsualPlace, pipeline, onStored, clock, log, signal });
  }

  function onStored(report: BatchReport): void {
    figures.eventsStored(report.stored, report.duplicate);
    figures.linesParked(report.parked);
  }
}
