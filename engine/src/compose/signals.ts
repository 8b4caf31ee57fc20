import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { ComposedActions } from './actions.ts';
import { composeHashLookups, configuredHashProviders } from './ask-hashes.ts';
import { configuredProviders, openReputation } from './ask-reputation.ts';
import type { DeciderOptions } from './decider.ts';
import type { Ground } from './ground.ts';
import type { Learning } from './learning/compose-learning.ts';
import { type LiveCampaigns, openLiveCampaigns } from './live-campaigns.ts';
import type { Lures } from './lures.ts';
import { createReadings, type Readings } from './readings.ts';
import { openSharedCache, type SharedCache } from './shared-cache.ts';

export interface ComposedSignals {
  readonly signalsOf: NonNullable<DeciderOptions['signalsOf']>;
  /** What the language model said, put there by the analyst. */
  readonly readings: Readings;
  readonly cache: SharedCache;
  readonly learnCampaigns: LiveCampaigns['learn'];
  /** Asks providers; a promise for each lane. */
  run(signal: AbortSignal): Promise<void>[];
}

/** What decide is told of a visitor beyond his session: campaign, reputation, the model's word, lures, keys that he tries. */
export async function composeSignals(
  ground: Pick<Ground, 'config' | 'database' | 'installKey' | 'registry' | 'clock' | 'log'>,
  known: {
    readonly lures: Lures;
    readonly learning: Learning;
    /** Asked with each change, because what acts is built after what decides. */
    readonly actions: () => Pick<ComposedActions, 'triedKeyOf' | 'watching'>;
  },
): Promise<ComposedSignals> {
  const { config, database, clock, log } = ground;
  const { lures, learning, actions } = known;
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
  return {
    readings,
    cache,
    learnCampaigns: campaigns.learn,
    signalsOf: (change) => ({
      campaign: campaignOf(change),
      reputation: reputation.reputationOf(change.event.sourceIp),
      llm: readings.find(change.event),
      touches: lures.touchesOf(change.event.sourceIp),
      managedKey: actions().triedKeyOf(change.session),
      crackedLure: lures.crackedBy(change),
      ...learning.soFar(change.session),
    }),
    run: (signal) => [reputation.run(signal), hashLookups.run(signal)],
  };

  /** Who shows a watched campaign is watched from then on. */
  function campaignOf(change: SessionChange): string | null {
    const campaign = campaigns.campaignOf(change);
    actions().watching.meet(campaign, change.event.sourceIp);
    return campaign;
  }
}
