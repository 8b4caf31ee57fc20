import {
  type AnalysisRecord,
  AnalystReading,
  type AnalystState,
  type AnalystStatus,
} from '@cerberusmesh/contract/analysis';
import type { NewJob, SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import { z } from 'zod';
import { type Analyst, createAnalyst } from '../assess/analyst/analyst.ts';
import { type AskModel, createLanguageModel, outputTokensMax } from '../assess/analyst/language-model.ts';
import type { Config } from '../config.ts';
import type { VersionedPolicy } from '../decide/decide.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createTrialBreaker } from '../kit/trial-breaker.ts';
import { findReading } from '../store/analyses.ts';
import type { Database } from '../store/database.ts';
import { readUsage, settleBudget, takeBudget } from '../store/llm-usage.ts';
import { type AnalyseJob, createAnalyseSession } from './analyse-session.ts';
import { createJobQueue } from './job-queue.ts';
import type { Readings } from './readings.ts';
import { createJobRunner } from './run-jobs.ts';
import type { SharedCache } from './shared-cache.ts';

export interface AnalystParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly policy: {
    isWorthAnalysing(change: SessionChange): boolean;
    currentPolicy(): VersionedPolicy;
  };
  readonly readings: Readings;
  readonly cache: Pick<SharedCache, 'find' | 'keep'>;
  readonly decide: (changes: readonly SessionChange[]) => Decision[];
  /** Told when decisions that follow from a reading are durable. */
  readonly decided: (decisions: readonly Decision[]) => void;
  readonly findAnalysis: (id: string) => Promise<AnalysisRecord | undefined>;
  readonly publish: (analysis: AnalysisRecord) => void;
}

export interface ComposedAnalyst {
  /** Jobs for the sessions of a batch that the policy finds worth a reading; none where there is no model. */
  follow(changes: readonly SessionChange[]): NewJob[];
  /** Told when jobs are durable: from then on no further ones are asked for. */
  followed(jobs: readonly NewJob[]): void;
  state(): AnalystState;
  readStatus(): Promise<AnalystStatus>;
  run(signal: AbortSignal): Promise<void>;
}

const jobKind = 'analyse';
/** Two at a time: most of the time of a question is waiting. */
const lanes = 2;
/** A session is read when it is over or has gone quiet, so that it is read once and whole. */
const quietSeconds = 20;
const rememberedMax = 20_000;
/** As long as the database reuses one: models change behind their names. */
const readingSeconds = 30 * 86_400;
/** What another engine, with a database of its own, was told of a session with this content. */
const CachedReading = z.object({ reading: AnalystReading, shownEvents: z.array(z.string()) });

/** The language model, if one is configured, as a consumer of jobs. Without one everything else goes on as ever. */
export function composeAnalyst(parts: AnalystParts): ComposedAnalyst {
  const { config, database, clock, log, policy } = parts;
  const queued = new Set<string>();
  const off = whyOff(config);
  const analyst = off === undefined ? openAnalyst(parts) : undefined;
  const idle = () => ({ state: 'off' as const, why: off ?? '' });

  return {
    follow(changes) {
      if (!analyst) return [];
      return changes.filter(policy.isWorthAnalysing).flatMap(jobOf);
    },
    followed(jobs) {
      for (const { key } of jobs) queued.add(key);
      forgetOldest(queued);
    },
    state: () => (analyst ?? { state: idle }).state().state,
    async readStatus() {
      const usage = await readUsage(database.pool, clock.now());
      return {
        ...(analyst ?? { state: idle }).state(),
        provider: analyst ? config.llm.provider : null,
        model: analyst ? config.llm.model : null,
        requests_this_hour: usage.requestsThisHour,
        requests_this_day: usage.requestsThisDay,
        tokens_this_hour: usage.tokensThisHour,
        tokens_this_day: usage.tokensThisDay,
        budget: analyst ? toldBudget(config.llm) : null,
      };
    },
    async run(signal) {
      if (!analyst) return;
      const analyse = createAnalyseSession({ ...parts, analyst });
      const jobs = createJobRunner({
        queue: createJobQueue(database),
        handlers: new Map([[jobKind, analyse]]),
        clock,
        onFailure: (job, error) =>
          log.warn({ err: error, job: job?.id }, 'A session could not be analysed; it is tried again later.'),
      });
      await Promise.all(Array.from({ length: lanes }, () => jobs.run(signal)));
    },
  };

  function jobOf({ event: { sensor, sessionId } }: SessionChange): NewJob[] {
    if (sessionId === null) return [];
    const key = `${jobKind} ${sensor} ${sessionId}`;
    // Only spares the database the question; the job's key is what makes it happen once.
    if (queued.has(key)) return [];
    const payload: AnalyseJob = { sensor, sessionId };
    return [{ kind: jobKind, key, payload, afterSeconds: quietSeconds }];
  }
}

function openAnalyst({ config, database, clock, cache }: AnalystParts): Analyst {
  const { provider, model, apiKey, baseUrl, temperature, timeoutSeconds } = config.llm;
  const ask: AskModel = createLanguageModel({ provider, model, apiKey, baseUrl, temperature, timeoutSeconds });
  const { requestsPerHour, requestsPerDay, tokensPerHour, tokensPerDay } = config.llm;
  const budget = { requestsPerHour, requestsPerDay, tokensPerHour, tokensPerDay };
  const analyst = createAnalyst({
    ask,
    store: {
      findReading: async (fingerprint) =>
        (await findReading(database.pool, fingerprint)) ??
        (await cache.find('reading', fingerprint.toString('hex'), CachedReading)),
      takeBudget: (tokens, now) => takeBudget(database.pool, budget, tokens, now),
      settleBudget: (tokens, now) => settleBudget(database.pool, tokens, now),
    },
    breaker: createTrialBreaker({ clock }),
    clock,
    model: `${provider}/${model}`,
    outputTokensMax,
  });
  return {
    ...analyst,
    async read(material, signal) {
      const outcome = await analyst.read(material, signal);
      if (outcome.kind !== 'read' || outcome.reused) return outcome;
      const { fingerprint, reading, shownEvents } = outcome;
      await cache.keep('reading', fingerprint.toString('hex'), { reading, shownEvents }, readingSeconds);
      return outcome;
    },
  };
}

function whyOff({ llm }: Config): string | undefined {
  if (llm.provider === 'openai-compatible') {
    return llm.baseUrl === null ? 'openai-compatible needs an address in CERBERUS_LLM_BASE_URL' : undefined;
  }
  return llm.apiKey === null ? 'there is no key in OPENAI_API_KEY' : undefined;
}

function forgetOldest(keys: Set<string>): void {
  for (const key of keys) {
    if (keys.size <= rememberedMax) break;
    keys.delete(key);
  }
}

function toldBudget({ requestsPerHour, requestsPerDay, tokensPerHour, tokensPerDay }: Config['llm']) {
  return {
    ...{ requests_per_hour: requestsPerHour, requests_per_day: requestsPerDay },
    ...{ tokens_per_hour: tokensPerHour, tokens_per_day: tokensPerDay },
  };
}
