import type { Clock } from '../../kit/clock.ts';
import { backoffMs } from '../../kit/retry.ts';
import { ProviderRefused, type ReputationAnswer, type ReputationProvider } from './provider.ts';

const timeoutMs = 5_000;
const attemptsMax = 2;
const backoff = { firstMs: 500, maxMs: 4_000 };
/** After so many failures in a row a provider is left alone for a while. */
const failuresMax = 5;
const restMs = 5 * 60_000;

export interface KnownAnswer {
  readonly answer: ReputationAnswer;
  readonly expiresAt: Date;
}

export interface ReputationStore {
  /** What another engine was told of it and still holds: it costs no question. */
  recall(address: string, provider: string): Promise<KnownAnswer | undefined>;
  /** Takes one question off a provider's day; false where none is left. */
  takeQuestion(provider: string, now: Date, dailyMax: number): Promise<boolean>;
  save(address: string, provider: string, answer: ReputationAnswer, now: Date, expiresAt: Date): Promise<void>;
}

export interface AskReport {
  readonly asked: number;
  readonly answered: number;
}

/**
 * Asks one provider after the other about one address: within its budget, with a time-out, once more after a passing
 * fault, and not at all while it is known to be down. What is not answered stays unknown; nothing throws for it.
 */
export function createAskProviders(options: {
  readonly store: ReputationStore;
  readonly clock: Clock;
  readonly onFailure: (provider: string, error: unknown) => void;
}) {
  const { store, clock, onFailure } = options;
  const resting = new Map<string, { failures: number; untilMs: number }>();

  return async function askProviders(
    address: string,
    providers: readonly ReputationProvider[],
    signal: AbortSignal,
  ): Promise<AskReport> {
    const report = { asked: 0, answered: 0 };
    for (const provider of providers) {
      const now = clock.now();
      const known = await store.recall(address, provider.name);
      if (known && known.expiresAt > now) {
        await store.save(address, provider.name, known.answer, now, known.expiresAt);
        report.answered++;
        continue;
      }
      if (signal.aborted || (resting.get(provider.name)?.untilMs ?? 0) > now.getTime()) continue;
      if (!(await store.takeQuestion(provider.name, now, provider.dailyMax))) continue;
      report.asked++;
      const answer = await askPatiently(provider, address, signal);
      if (answer === undefined) continue;
      report.answered++;
      const expiresAt = new Date(now.getTime() + provider.keepHours * 3_600_000);
      await store.save(address, provider.name, answer, now, expiresAt);
    }
    return report;
  };

  async function askPatiently(
    provider: ReputationProvider,
    address: string,
    signal: AbortSignal,
  ): Promise<ReputationAnswer | undefined> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await provider.ask(address, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
        resting.delete(provider.name);
        return answer;
      } catch (error) {
        if (attempt + 1 < attemptsMax && isPassing(error) && !signal.aborted) {
          await clock.sleep(backoffMs(attempt, backoff), signal);
          continue;
        }
        rest(provider.name, error);
        onFailure(provider.name, error);
        return undefined;
      }
    }
  }

  function rest(name: string, error: unknown): void {
    const failures = (resting.get(name)?.failures ?? 0) + 1;
    const asked = error instanceof ProviderRefused ? retryAfterMs(error) : 0;
    const ms = asked > 0 ? asked : failures >= failuresMax ? restMs : 0;
    resting.set(name, { failures, untilMs: clock.now().getTime() + ms });
  }
}

/** A key that is refused will be refused again; a server that stumbled may not. */
function isPassing(error: unknown): boolean {
  return error instanceof ProviderRefused ? error.status >= 500 : true;
}

/** 429 without a word on when: as long as a breaker rests. 401 and 403: nobody mends a key by asking again. */
function retryAfterMs({ status, retryAfterSeconds }: ProviderRefused): number {
  if (status === 401 || status === 403) return 3_600_000;
  if (status !== 429) return 0;
  return Math.min(86_400, retryAfterSeconds ?? restMs / 1000) * 1000;
}
