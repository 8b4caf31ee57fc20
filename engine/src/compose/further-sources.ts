import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { createFollowGroups } from '../collect/cloudwatch/follow-groups.ts';
import type { Source } from '../collect/source.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import { findPosition } from '../store/sources.ts';
import { awsAccess } from './aws-access.ts';
import { followSource } from './follow-source.ts';
import type { Ground } from './ground.ts';

export interface FurtherSources {
  watched(): readonly WatchedSource[];
  run(): Promise<void>[];
}

interface Configured {
  readonly identity: SourceIdentity;
  open(position: unknown, signal: AbortSignal): Source;
}

/** What is read besides logs on this machine and what is pushed over HTTP: each where its setting names it. */
export async function composeFurtherSources(
  { config, clock, log, database }: Pick<Ground, 'config' | 'clock' | 'log' | 'database'>,
  options: {
    readonly pipeline: Pipeline;
    readonly onStored: (report: BatchReport) => void;
    readonly signal: AbortSignal;
  },
): Promise<FurtherSources> {
  const { pipeline, onStored, signal } = options;
  const followed = await Promise.all(
    configuredSources(config, clock).map(async ({ identity, open }) => {
      const source = open(await findPosition(database.pool, identity.sourceId), signal);
      return followSource({ identity, source, pipeline, onStored, clock, log, signal });
    }),
  );
  return { watched: () => followed.map((one) => one.watched()), run: () => followed.map((one) => one.run()) };
}

function configuredSources(config: Config, clock: Clock): Configured[] {
  return [...cloudWatch(config, clock)];
}

function cloudWatch(config: Config, clock: Clock): Configured[] {
  const { groups, filter, pollSeconds, overlapSeconds } = config.cloudwatch;
  if (groups.length === 0) return [];
  const place = groups.join(', ');
  const identity = { sourceId: `cloudwatch ${config.aws.region} ${place}`, kind: 'cloudwatch', place };
  const settings = { groups, filter, pollSeconds, overlapSeconds, ...awsAccess(config) };
  return [
    {
      identity,
      open: (position, signal) => createFollowGroups({ ...settings, ...identity, position, clock, signal }),
    },
  ];
}
