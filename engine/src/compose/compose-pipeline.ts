import type { Assess, AssessAhead } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Clock } from '../kit/clock.ts';
import { createNormalize } from '../normalize/normalize.ts';
import { createPipeline, type Pipeline, type PublishedBatch, type Stages } from '../pipeline.ts';
import type { Database } from '../store/database.ts';
import { findStored } from '../store/events.ts';
import { loadSessionStates } from '../store/sessions.ts';
import { createPrepareWrite } from '../store/write-batch.ts';

export interface PipelineParts {
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  /** Of a sensor that writes local time. */
  readonly timeZone: string;
  readonly assess: Assess;
  /** Where a service assesses. */
  readonly assessAhead?: AssessAhead | undefined;
  readonly startSession: Stages['startSession'];
  readonly isProbe: (event: SensorEvent) => boolean;
  /** Where no lures are known, none are looked for. */
  readonly trip?: NonNullable<Stages['trip']>;
  readonly isWatched?: NonNullable<Stages['isWatched']>;
  readonly recallAttackers?: Stages['recallAttackers'];
  /** Nothing is decided about history. */
  readonly decide?: NonNullable<Stages['decide']>;
  readonly follow?: NonNullable<Stages['follow']>;
  readonly followed?: NonNullable<Stages['followed']>;
  readonly publish?: (batch: PublishedBatch) => void;
  readonly assessFailed: Stages['assessFailed'];
  readonly sessionsLookedUp?: NonNullable<Stages['sessionsLookedUp']>;
  /** Where attackers come from; without it nothing is said of that. */
  readonly locate?: LocateOrigin;
}

/** The pipeline on a real database. */
export function composePipeline(parts: PipelineParts): Pipeline {
  const { database, clock, timeZone } = parts;
  return createPipeline({
    normalize: createNormalize(timeZone === 'UTC' ? {} : { timeZone }),
    findStored: (ids) => findStored(database.pool, ids),
    loadSessions: (keys) => loadSessionStates(database.pool, keys),
    startSession: parts.startSession,
    assess: parts.assess,
    ...(parts.assessAhead === undefined ? {} : { assessAhead: parts.assessAhead }),
    isProbe: parts.isProbe,
    ...(parts.trip === undefined ? {} : { trip: parts.trip }),
    ...(parts.isWatched === undefined ? {} : { isWatched: parts.isWatched }),
    ...(parts.recallAttackers === undefined ? {} : { recallAttackers: parts.recallAttackers }),
    ...(parts.decide === undefined ? {} : { decide: parts.decide }),
    ...(parts.follow === undefined ? {} : { follow: parts.follow }),
    ...(parts.followed === undefined ? {} : { followed: parts.followed }),
    prepareWrite: createPrepareWrite(database, () => clock.now(), parts.locate),
    publish: parts.publish ?? (() => undefined),
    assessFailed: parts.assessFailed,
    ...(parts.sessionsLookedUp === undefined ? {} : { sessionsLookedUp: parts.sessionsLookedUp }),
  });
}
