import { startSession } from '../assess/assess.ts';
import type { Pipeline } from '../pipeline.ts';
import type { Acting } from './acting.ts';
import { createAfterStored } from './after-stored.ts';
import { type ComposedAnalyst, composeAnalyst } from './analyst.ts';
import { composePipeline } from './compose-pipeline.ts';
import type { Deciding } from './deciding.ts';
import type { Ground } from './ground.ts';
import type { Knowing } from './knowing.ts';
import { openOrigins } from './open-origins.ts';

export interface Storing {
  /** The stages, storing into the database of this process. */
  readonly pipeline: Pipeline;
  /** Who hears of what is durable. */
  readonly told: ReturnType<typeof createAfterStored>;
  readonly analyst: ComposedAnalyst;
}

/** What stores lines, with all that is known, decided and done about them on the way; and what reads a session anew. */
export async function composeStoring(
  ground: Ground,
  { lures, learning, signals, decider, acting }: Knowing & Pick<Deciding, 'decider'> & { readonly acting: Acting },
): Promise<Storing> {
  const { config, database, queries, figures, bus, clock, log } = ground;
  const told = createAfterStored(ground, { decider, lures, acting });
  const analyst = composeAnalyst({
    ...{ config, database, clock, log, findAnalysis: queries.findAnalysis, decide: decider.decide },
    ...{ readings: signals.readings, policy: decider, cache: signals.cache },
    decided: (decisions) => told.afterStored({ source: analystSource, stored: [], decisions }),
    publish: (analysis) => bus.publish({ type: 'analysis', analysis }),
  });
  const pipeline = composePipeline({
    ...{ database, clock, timeZone: config.cowrie.timezone, startSession },
    ...{ assess: learning.assess, assessAhead: learning.assessAhead },
    locate: await openOrigins(config),
    isProbe: acting.isOwnVisit,
    trip: lures.trip,
    isWatched: acting.actions.watching.isWatched,
    recallAttackers: decider.recallAttackers,
    decide: decider.decide,
    follow: analyst.follow,
    followed: analyst.followed,
    publish: told.afterStored,
    sessionsLookedUp: figures.sessionLookedUp,
    assessFailed: (event, error) =>
      log.error({ err: error, event: event.id }, 'An event could not be assessed; it is stored without.'),
  });
  return { pipeline, told, analyst };
}

/** Decisions that follow from a reading come from no log. */
const analystSource = { sourceId: 'analyst', kind: 'analyst', place: 'analyses' };
