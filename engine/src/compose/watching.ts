import { join } from 'node:path';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Action } from '../act/action.ts';
import { createFileKeeper, type FileFolders } from '../act/monitor/keep-files.ts';
import { createMonitor, MonitorPlan } from '../act/monitor/monitor.ts';
import { createWatchList, watchedMax } from '../act/monitor/watch-list.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { PublishedBatch } from '../pipeline.ts';
import { createActionStore } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { createKeptFileStore, type FileEvent, findCampaignAddresses, type OpenSession } from '../store/kept-files.ts';

export interface Watching {
  readonly action: Action;
  readonly isWatched: (event: Pick<SensorEvent, 'sourceIp'>) => boolean;
  /** Somebody shows what tells a campaign. */
  readonly meet: (campaign: string | null, address: string | null) => void;
  /** Told of each durable batch: holds the recording of a watched visitor as soon as he has a shell. */
  afterStored(batch: PublishedBatch): void;
  /** Reads who is watched by the actions that stand. Before anything is read, and now and then. */
  refresh(): Promise<void>;
  /** For now and then: keeps what those who are watched left, and what nobody was there to see. */
  keepFiles(): Promise<void>;
}

/** What a visitor left shortly before somebody decided to watch him is kept too. */
const lookBackMs = 24 * 3_600_000;
/** Payloads are small; this is what a flood of them may take. */
const keptBytesMax = 2 * 1024 ** 3;

/** The watch-list, and what is kept of those who are on it. */
export function composeWatching(parts: {
  readonly database: Database;
  /** Of the data folder, where files are kept. */
  readonly folder: string;
  /** Where a sensor of ours leaves files; undefined where they cannot be reached from here. */
  readonly foldersOf: (sensor: string) => FileFolders | undefined;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): Watching {
  const { database, foldersOf, clock, log } = parts;
  const watchList = createWatchList();
  const actions = createActionStore(database);
  const store = createKeptFileStore(database.pool);
  const keeper = createFileKeeper(parts.folder);
  const findCampaign = (id: string) => findCampaignAddresses(database.pool, id, watchedMax);
  let keeping: Promise<void> | undefined;
  let holding: Promise<unknown> = Promise.resolve();

  return {
    action: createMonitor({ watchList, findCampaign }),
    isWatched: ({ sourceIp }) => watchList.isWatched(sourceIp),
    meet: watchList.meet,

    afterStored({ stored }) {
      if (watchList.isEmpty()) return;
      const sessions = new Map<string, OpenSession>();
      for (const { event, probe } of stored) {
        const { sensor, sessionId, sourceIp, eventType } = event;
        if (probe || sessionId === null || !watchList.isWatched(sourceIp)) continue;
        // With the first of these Cowrie has opened the recording.
        if (opens.has(eventType)) sessions.set(sessionId, { sensor, sessionId, sourceIp });
      }
      for (const session of sessions.values()) {
        holding = holding.then(() => hold(session)).catch(explain);
      }
    },

    async refresh() {
      for (const { id, plan } of await actions.listStanding('monitor')) {
        const { address, campaign } = MonitorPlan.parse(plan);
        watchList.add(id, { addresses: address === null ? [] : [address], campaign });
      }
      for (const { actionId, campaign } of watchList.campaigns()) {
        const found = await findCampaign(campaign);
        if (found) watchList.add(actionId, { addresses: found.addresses, campaign: found.id });
      }
    },

    async keepFiles() {
      if (watchList.isEmpty()) return;
      keeping ??= keepAll().finally(() => {
        keeping = undefined;
      });
      await keeping;
    },
  };

  async function keepAll(): Promise<void> {
    const addresses = [...watchList.addresses()];
    for (const session of await store.findOpenSessions(addresses)) await hold(session);
    const since = new Date(clock.now().getTime() - lookBackMs);
    for (;;) {
      const files = await store.findFiles(addresses, since);
      for (const file of files) await keep(file);
      if (files.length === 0) return;
    }
  }

  async function hold(session: OpenSession): Promise<void> {
    const { sensor, sessionId } = session;
    const folders = foldersOf(sensor);
    if (!folders) return;
    for (const { name, isWhole } of await keeper.holdOpen(sensor, sessionId, folders)) {
      const held = { ...session, kind: 'recording' as const, name, path: keeper.placeOf(sensor, name) };
      const note = isWhole ? null : 'Copied every few seconds while it went on; its end may be missing.';
      await store.add({ ...held, eventId: null, bytes: null, sha256: null, note }, clock.now());
    }
  }

  /** Told of in any case, so that it is not looked for again. */
  async function keep(file: FileEvent): Promise<void> {
    const { id, sensor, sessionId, kind, name, duplicate } = file;
    const [held] = kind === 'recording' ? await store.findHeld(sensor, sessionId) : [];
    // Where it was only copied as it went, what the honeypot kept of it is better, if that is his.
    if (held !== undefined && (held.note === null || duplicate)) {
      const settled = await keeper.settle(sensor, held.name);
      if (settled) return await store.settle(sensor, sessionId, held.name, id, settled);
    }
    const kept = await keepOne(file).catch((error: unknown) => `It could not be kept: ${String(error).slice(0, 300)}`);
    const nothing = { path: null, bytes: null, sha256: null };
    const found = typeof kept === 'string' ? nothing : { ...kept, path: keeper.placeOf(sensor, name) };
    const doubt =
      kind === 'recording' && duplicate ? 'Of the first visitor who typed the same; his own was not held.' : null;
    const note = typeof kept === 'string' ? kept : doubt;
    await store.add({ ...file, name: name || id, eventId: id, ...found, note }, clock.now());
  }

  async function keepOne({ sensor, kind, name }: FileEvent) {
    const folders = foldersOf(sensor);
    if (!folders) return 'The files of this sensor cannot be reached from here.';
    if ((await store.sumBytes()) > keptBytesMax) return `More than ${keptBytesMax} bytes are kept already.`;
    const from = kind === 'recording' ? folders.recordings : folders.payloads;
    return (await keeper.keep(sensor, name, from)) ?? 'It is not there any more.';
  }

  function explain(error: unknown): void {
    log.warn({ err: error }, 'A recording could not be held yet; tried again soon.');
  }
}

const opens: ReadonlySet<string> = new Set(['cowrie.session.params', 'cowrie.client.size', 'cowrie.command.input']);

/** As Cowrie lays them out, and our own decoy in its folder. */
export function foldersOfCowrie(dir: string): FileFolders {
  return { recordings: join(dir, 'var/lib/cowrie/tty'), payloads: join(dir, 'var/lib/cowrie/downloads') };
}

/** Where our own decoy leaves what a session recorded and brought. */
export function foldersOfDecoy(dir: string): FileFolders {
  return { recordings: join(dir, 'tty'), payloads: join(dir, 'downloads') };
}
