import { createAbuseIpdb } from '../assess/reputation/abuse-ipdb.ts';
import { createAddressList } from '../assess/reputation/address-list.ts';
import { createAskProviders } from '../assess/reputation/ask-providers.ts';
import { createGreyNoise } from '../assess/reputation/grey-noise.ts';
import type { ReputationAnswer, ReputationProvider } from '../assess/reputation/provider.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import type { Database } from '../store/database.ts';
import { createReputationStore } from '../store/reputations.ts';
import { shareAnswers } from './share-answers.ts';
import type { SharedCache } from './shared-cache.ts';

const roundMs = 30_000;
const addressesPerRound = 20;
const seenDays = 2;
const rememberedMax = 20_000;

export interface Reputation {
  /** What providers said, 0 to 1; null where none was asked or none knew. */
  reputationOf(address: string | null): number | null;
  /** The lane; ends at once where no provider is configured. */
  run(signal: AbortSignal): Promise<void>;
  /** One round of it. */
  askOnce(signal: AbortSignal): Promise<{ readonly asked: number; readonly answered: number }>;
}

/** Providers are off without a key, and are asked in the slow lane only: no event waits for them. */
export async function openReputation(options: {
  readonly database: Database;
  readonly providers: readonly ReputationProvider[];
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly cache: Pick<SharedCache, 'find' | 'keep'>;
}): Promise<Reputation> {
  const { database, providers, clock, log, cache } = options;
  const stored = createReputationStore(database.pool);
  const known = createRecentAnswers<number>(rememberedMax);
  for (const { address, score } of await stored.findKnown(daysAgo(30), rememberedMax / 2)) known.set(address, score);
  const ask = createAskProviders({
    store: { takeQuestion: stored.takeQuestion, ...shareAnswers(cache, 'reputation', save) },
    clock,
    onFailure: (provider, error) =>
      log.warn({ err: error, provider }, 'A reputation provider gave no answer; addresses stay unknown until it does.'),
  });
  return { reputationOf: (address) => (address === null ? null : (known.get(address) ?? null)), run, askOnce };

  async function run(signal: AbortSignal): Promise<void> {
    while (providers.length > 0 && !signal.aborted) {
      await askOnce(signal).catch((error: unknown) =>
        log.warn({ err: error }, 'Reputations could not be asked for; it is tried again.'),
      );
      await clock.sleep(roundMs, signal);
    }
  }

  async function askOnce(signal: AbortSignal) {
    const names = providers.map(({ name }) => name);
    const total = { asked: 0, answered: 0 };
    for (const { address, missing } of await stored.findDue(names, clock.now(), daysAgo(seenDays), addressesPerRound)) {
      const wanted = providers.filter(({ name }) => missing.includes(name));
      const { asked, answered } = await ask(address, wanted, signal);
      total.asked += asked;
      total.answered += answered;
    }
    return total;
  }

  async function save(address: string, provider: string, answer: ReputationAnswer, now: Date, expiresAt: Date) {
    await stored.save(address, provider, answer, now, expiresAt);
    if (answer.score !== null) known.set(address, Math.max(answer.score, known.get(address) ?? 0));
  }

  function daysAgo(days: number): Date {
    return new Date(clock.now().getTime() - days * 86_400_000);
  }
}

/** Those that the user brought a key or an address for. */
export function configuredProviders(config: Pick<Config, 'reputation'>, clock: Clock): ReputationProvider[] {
  const { abuseIpdbKey, greyNoiseKey, listUrl, dailyMax } = config.reputation;
  return [
    ...(abuseIpdbKey === null ? [] : [createAbuseIpdb({ apiKey: abuseIpdbKey.reveal(), dailyMax })]),
    ...(greyNoiseKey === null ? [] : [createGreyNoise({ apiKey: greyNoiseKey.reveal(), dailyMax })]),
    ...(listUrl === null ? [] : [createAddressList({ url: listUrl, clock })]),
  ];
}
