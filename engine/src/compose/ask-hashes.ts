import { createAskProviders } from '../assess/reputation/ask-providers.ts';
import { createHashList } from '../assess/reputation/hash-list.ts';
import type { ReputationProvider } from '../assess/reputation/provider.ts';
import { createVirusTotal } from '../assess/reputation/virus-total.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createVerdictStore } from '../store/artifact-verdicts.ts';
import type { Database } from '../store/database.ts';
import { createReputationStore } from '../store/reputations.ts';
import { shareAnswers } from './share-answers.ts';
import type { SharedCache } from './shared-cache.ts';

const roundMs = 30_000;
/** Four a minute are what VirusTotal's free plan allows. */
const hashesPerRound = 2;
const seenDays = 2;

export interface HashLookups {
  /** The lane; ends at once where nobody is configured to be asked. */
  run(signal: AbortSignal): Promise<void>;
  /** One round of it. */
  askOnce(signal: AbortSignal): Promise<{ readonly asked: number; readonly answered: number }>;
}

/** Asks about files that attackers brought, by their hashes and in the slow lane only. */
export function composeHashLookups(parts: {
  readonly database: Database;
  readonly providers: readonly ReputationProvider[];
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly cache: Pick<SharedCache, 'find' | 'keep'>;
}): HashLookups {
  const { database, providers, clock, log, cache } = parts;
  const verdicts = createVerdictStore(database.pool);
  const { takeQuestion } = createReputationStore(database.pool);
  const ask = createAskProviders({
    store: { takeQuestion, ...shareAnswers(cache, 'hash', verdicts.save) },
    clock,
    onFailure: (provider, error) =>
      log.warn(
        { err: error, provider },
        'A provider of file reputations gave no answer; files stay unknown until it does.',
      ),
  });
  return { run, askOnce };

  async function run(signal: AbortSignal): Promise<void> {
    while (providers.length > 0 && !signal.aborted) {
      await askOnce(signal).catch((error: unknown) =>
        log.warn({ err: error }, 'Files could not be asked about; it is tried again.'),
      );
      await clock.sleep(roundMs, signal);
    }
  }

  async function askOnce(signal: AbortSignal) {
    const names = providers.map(({ name }) => name);
    const now = clock.now();
    const since = new Date(now.getTime() - seenDays * 86_400_000);
    const total = { asked: 0, answered: 0 };
    for (const { sha256, missing } of await verdicts.findDue(names, now, since, hashesPerRound)) {
      const wanted = providers.filter(({ name }) => missing.includes(name));
      const { asked, answered } = await ask(sha256, wanted, signal);
      total.asked += asked;
      total.answered += answered;
    }
    return total;
  }
}

/** Those that the user brought a key or an address for. */
export function configuredHashProviders(config: Pick<Config, 'reputation'>, clock: Clock): ReputationProvider[] {
  const { virusTotalKey, hashListUrl, dailyMax } = config.reputation;
  return [
    ...(virusTotalKey === null ? [] : [createVirusTotal({ apiKey: virusTotalKey.reveal(), dailyMax })]),
    ...(hashListUrl === null ? [] : [createHashList({ url: hashListUrl, clock })]),
  ];
}
