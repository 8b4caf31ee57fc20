import type { Decision } from '@cerberusmesh/contract/decision';
import type { PublishedBatch } from '../pipeline.ts';
import type { Acting } from './acting.ts';
import type { ComposedDecide } from './compose-decide.ts';
import type { Ground } from './ground.ts';
import { publishBatch } from './live-messages.ts';
import type { Lures } from './lures.ts';

/** Who hears of a batch that is durable: tripwires, the watch-list, the live feed, and whoever carries its decisions out. */
export function createAfterStored(
  { clock, log, bus, figures }: Pick<Ground, 'clock' | 'log' | 'bus' | 'figures'>,
  { decider, lures, acting }: { readonly decider: ComposedDecide; readonly lures: Lures; readonly acting: Acting },
) {
  let modelVersion: string | null = null;
  return { afterStored, tellDecisions, modelVersion: () => modelVersion };

  function afterStored(batch: PublishedBatch): void {
    const { watching } = acting.actions;
    lures.afterStored(batch);
    // The latest, since another version may be promoted at any time.
    modelVersion = batch.stored.at(-1)?.assessment?.modelVersion ?? modelVersion;
    tellDecisions(batch.decisions);
    watching.afterStored(batch);
    publishBatch(bus, batch, watching.isWatched);
  }

  function tellDecisions(decisions: readonly Decision[]): void {
    decider.made(decisions);
    for (const decision of decisions) tellDecision(decision);
  }

  function tellDecision(decision: Decision): void {
    figures.decisionStored(Math.max(0, clock.now().getTime() - Date.parse(decision.decidedAt)));
    acting.wakeFor(decision);
    const level = decision.verdict === 'nothing' && decision.guard === null ? 'debug' : 'info';
    log[level]({ decision: decision.decision, rule: decision.rule, session: decision.sessionId }, decision.why);
  }
}
