import { join } from 'node:path';
import { type AssessedLine, type SessionChange, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { LiveMessage } from '@cerberusmesh/contract/live';
import type { PolicyGuards } from '@cerberusmesh/contract/policy';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Settings } from '@cerberusmesh/contract/settings';
import { lureBook } from '../act/cowrie/lures/book.ts';
import { pluginSocketPath, readManifest } from '../act/cowrie/manifest.ts';
import { createArming } from '../act/cowrie/plugin/arming.ts';
import { createLureIndex } from '../assess/touches/lure-index.ts';
import { createTrip } from '../assess/touches/trip.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import type { PublishedBatch } from '../pipeline.ts';
import type { Database } from '../store/database.ts';
import { createLureStore } from '../store/lures.ts';
import type { Queries } from '../store/read/queries.ts';
import { findTouchCounts } from '../store/touches.ts';
import { controlGroupKey } from './control-group.ts';
import { decoySensor } from './decoy-sensor.ts';

export interface LureParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly settings: () => Settings;
  /** Of the policy in force. */
  readonly guards: () => PolicyGuards;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly queries: Pick<Queries, 'findTouches' | 'findAdaptation'>;
  readonly publish: (message: LiveMessage) => void;
}

export type Lures = Awaited<ReturnType<typeof composeLures>>;

/** A visitor's report of an earlier run may still come. */
const kitLifeMs = 7 * 86_400_000;

/** Sessions that use a planted secret are few. */
const crackedMax = 10_000;

/** Lures as tripwires: what was planted is known to the fast lane, and our plugin in Cowrie is kept armed. */
export async function composeLures(parts: LureParts) {
  const { config, database, settings, clock, log } = parts;
  const store = createLureStore(database);
  const index = createLureIndex();
  index.add(await store.listPlanted());
  const touches = await findTouchCounts(database.pool);
  const trip = createTrip(index);
  const cracked = createRecentAnswers<string>(crackedMax);
  const { dir } = config.cowrie;
  const stopping = new AbortController();
  const further = new Map<string, { readonly gone: AbortController; readonly running: Promise<void> }>();
  const arming = dir === null || config.agent.dryRun ? undefined : armCowrie(dir);

  return {
    trip(event: SensorEvent, told: Parameters<typeof trip>[1]) {
      const tripped = trip(event, told);
      for (const { lure, place } of tripped.touches ?? []) {
        const isShared = lure.sessionId === null && lure.sensor !== decoySensor;
        if (isShared && (place === 'key' || place === 'password')) cracked.set(sessionKeyOf(event) ?? '', lure.id);
      }
      return tripped;
    },
    /** The planted key or password with which a session logs in, where another can be planted in its place. */
    crackedBy: ({ event }: Pick<SessionChange, 'event'>): string | null =>
      cracked.get(sessionKeyOf(event) ?? '') ?? null,
    /** How often this address has used a lure. */
    touchesOf: (address: string | null) => (address === null ? 0 : (touches.get(address) ?? 0)),
    /** After an adaptation was carried out: its lures are looked for from now on. */
    async planted(adaptationId: string): Promise<void> {
      index.add(await store.listOfAdaptation(adaptationId));
    },
    /** What another process planted is looked for here too. */
    async learnPlanted(since: Date): Promise<void> {
      index.add(await store.listPlanted(since));
    },
    /** After a batch is durable. */
    afterStored({ stored }: PublishedBatch): void {
      for (const { lureReads } of stored) if (lureReads) index.setRead(lureReads);
      const touched = stored.filter((line) => (line.touches?.length ?? 0) > 0);
      if (touched.length === 0) return;
      for (const line of touched) count(line);
      void tell(touched).catch((error: unknown) =>
        log.warn({ err: error }, 'A touch could not be told to the live feed.'),
      );
    },
    connection: () => arming?.connection(),
    /** A further Cowrie with our plugin, while it stands; asked again, nothing changes. */
    armAlso(cowrieDir: string): void {
      if (config.agent.dryRun || further.has(cowrieDir)) return;
      const gone = new AbortController();
      const signal = AbortSignal.any([gone.signal, stopping.signal]);
      further.set(cowrieDir, { gone, running: armCowrie(cowrieDir).run(signal) });
    },
    disarm(cowrieDir: string): void {
      further.get(cowrieDir)?.gone.abort();
      further.delete(cowrieDir);
    },
    /** Keeps our plugin armed until `signal` aborts. */
    async run(signal: AbortSignal): Promise<void> {
      signal.addEventListener('abort', () => stopping.abort(), { once: true });
      await arming?.run(signal);
      await Promise.all([...further.values()].map(({ running }) => running));
    },
    /** Now and then: what was planted for a session has ended with it, and kits of earlier runs were given to nobody. */
    async endLive(): Promise<void> {
      await store.endWithSessions();
      await store.dropUnusedKits(new Date(clock.now().getTime() - kitLifeMs));
    },
  };

  function armCowrie(cowrieDir: string) {
    return createArming({
      socketPath: join(cowrieDir, pluginSocketPath),
      book: lureBook,
      store,
      surroundings: async () => (await readManifest(cowrieDir))?.persona,
      isEnabled: () =>
        settings().ENABLE_AUTO_ADAPTATION && settings().CERBERUS_AUTO_ACTION && !settings().CERBERUS_KILL_SWITCH,
      guards: liveGuards,
      countGiven: store.countGiven,
      spared: { share: config.agent.controlShare, key: controlGroupKey(parts.installKey).toString('hex') },
      async planted(report, sensor, kit) {
        const { lures, adaptationId } = await store.recordPlanting(report, sensor, kit?.files ?? []);
        index.add(lures);
        if (adaptationId === null) return;
        log.info({ session: report.session, lure: report.trap }, 'A visitor asked for something, and found a lure.');
        const adaptation = await parts.queries.findAdaptation(adaptationId);
        if (adaptation) parts.publish({ type: 'adaptation', adaptation });
      },
      clock,
      log,
    });
  }

  function liveGuards() {
    const { budgetPerHour, never } = parts.guards();
    return { budgetPerHour: budgetPerHour.insert_trap, never: never.networks };
  }

  function count({ event: { sourceIp }, touches: found = [] }: AssessedLine): void {
    if (sourceIp !== null) touches.set(sourceIp, (touches.get(sourceIp) ?? 0) + found.length);
  }

  async function tell(lines: readonly AssessedLine[]): Promise<void> {
    for (const { event } of lines)
      log.warn({ event: event.id, session: event.sessionId, ip: event.sourceIp }, 'A lure was used.');
    for (const touch of await parts.queries.findTouches(lines.map(({ event }) => event.id)))
      parts.publish({ type: 'touch', touch });
  }
}
