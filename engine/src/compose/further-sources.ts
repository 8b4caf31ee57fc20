import { createHash } from 'node:crypto';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { createFollowGroups } from '../collect/cloudwatch/follow-groups.ts';
import { createSocketLog } from '../collect/listen/socketlog.ts';
import { createRedisChannel } from '../collect/redis/redis-channel.ts';
import { createRedisList } from '../collect/redis/redis-list.ts';
import { createFollowDrop } from '../collect/s3/follow-drop.ts';
import type { Source } from '../collect/source.ts';
import { createSyslog } from '../collect/syslog/syslog.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import { findPosition } from '../store/sources.ts';
import { awsAccess } from './aws-access.ts';
import { followSource } from './follow-source.ts';
import type { Ground } from './ground.ts';
import { createPluginSource } from './plugins/plugin-source.ts';
import { silentMs } from './plugins.ts';

export interface FurtherSources {
  watched(): readonly WatchedSource[];
  run(): Promise<void>[];
}

/** Loaded from CERBERUS_PLUGINS_DIR. */
export type PluginSources = readonly { readonly name: string; readonly path: string }[];

interface Configured {
  readonly identity: SourceIdentity;
  /** It has a place to read on from, and can be brought back to an earlier one. */
  readonly canGoBack: boolean;
  open(position: unknown, signal: AbortSignal): Source;
}

/** What is read besides logs on this machine and what is pushed over HTTP: each where its setting names it. */
export async function composeFurtherSources(
  { config, clock, log, database, installKey }: Pick<Ground, 'config' | 'clock' | 'log' | 'database' | 'installKey'>,
  options: {
    readonly pipeline: Pipeline;
    readonly onStored: (report: BatchReport) => void;
    readonly signal: AbortSignal;
    readonly plugins: PluginSources;
  },
): Promise<FurtherSources> {
  const { pipeline, onStored, signal } = options;
  const followed = await Promise.all(
    [...configuredSources(config, clock, readerOf(installKey)), ...ofPlugins(options.plugins, clock)].map(
      async ({ identity, canGoBack, open }) => {
        const find = () => findPosition(database.pool, identity.sourceId);
        const position = await find();
        const goBack = { position, findPosition: find, open: (at: unknown) => open(at, signal) };
        const settings = { identity, pipeline, onStored, clock, log, signal, ...(canGoBack ? { goBack } : {}) };
        return followSource({ ...settings, source: open(position, signal) });
      },
    ),
  );
  return { watched: () => followed.map((one) => one.watched()), run: () => followed.map((one) => one.run()) };
}

/** A name of this installation that gives nothing of its key away. */
function readerOf(installKey: Uint8Array): string {
  return createHash('sha256').update('cerberusmesh reader').update(installKey).digest('hex').slice(0, 12);
}

function configuredSources(config: Config, clock: Clock, reader: string): Configured[] {
  return [
    ...cloudWatch(config, clock),
    ...s3Drops(config, clock),
    ...redisLog(config, clock, reader),
    ...listeners(config, clock),
  ];
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
      canGoBack: true,
      open: (position, signal) => createFollowGroups({ ...settings, ...identity, position, clock, signal }),
    },
  ];
}

function s3Drops(config: Config, clock: Clock): Configured[] {
  const { drops, pollSeconds, objectMegabytesMax } = config.s3;
  const settings = { pollSeconds, objectBytesMax: objectMegabytesMax * 1024 * 1024, ...awsAccess(config), clock };
  return drops.map(({ bucket, prefix }) => {
    const place = `s3://${bucket}/${prefix}`;
    const identity = { sourceId: place, kind: 's3', place };
    return {
      identity,
      canGoBack: true,
      open: (position, signal) => createFollowDrop({ ...settings, sourceId: place, bucket, prefix, position, signal }),
    };
  });
}

function redisLog(config: Config, clock: Clock, reader: string): Configured[] {
  const { url, key, method } = config.queue;
  if (url === null) return [];
  const { host } = new URL(url.reveal());
  const place = `${host} ${key}`;
  const identity = { sourceId: `redis ${place}`, kind: method === 'publish' ? 'redis channel' : 'redis list', place };
  const settings = { ...identity, url: url.reveal(), key, clock };
  return [
    {
      identity,
      canGoBack: false,
      open: (_position, signal) =>
        method === 'publish'
          ? createRedisChannel({ ...settings, signal })
          : createRedisList({ ...settings, method, reader, signal }),
    },
  ];
}

function ofPlugins(plugins: PluginSources, clock: Clock): Configured[] {
  return plugins.map(({ name, path }) => ({
    identity: { sourceId: `plugin ${name}`, kind: 'plugin', place: path },
    canGoBack: true,
    open: (position, signal) =>
      createPluginSource({ sourceId: `plugin ${name}`, path, position, clock, signal, silentMs }),
  }));
}

/** @throws CerberusError BAD_CONFIGURATION where somebody beyond this machine could send and nobody said who may. */
function listeners(config: Config, clock: Clock): Configured[] {
  const from = config.listen.from.map(({ cidr }) => cidr);
  const each = [
    { kind: 'socketlog', address: config.listen.socketlog, create: createSocketLog },
    { kind: 'syslog', address: config.listen.syslog, create: createSyslog },
  ];
  return each.flatMap(({ kind, address, create }) => {
    if (address === null) return [];
    const place = `${address.host}:${address.port}`;
    if (from.length === 0 && !isLoopback(address.host)) {
      const setting = `CERBERUS_${kind.toUpperCase()}_LISTEN`;
      const detail = `${setting} is ${place}, which others reach, and these senders have no token: say who may, as CERBERUS_LISTEN_FROM=10.20.0.0/24.`;
      throw new CerberusError('BAD_CONFIGURATION', detail);
    }
    const identity = { sourceId: `${kind} ${place}`, kind, place };
    return [
      {
        identity,
        canGoBack: false,
        open: (_position, signal) => create({ ...identity, address, from, clock, signal }),
      },
    ];
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
