import type { AnalysisRecord } from '@cerberusmesh/contract/analysis';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import { z } from 'zod';
import type { Analyst, AnalystOutcome } from '../assess/analyst/analyst.ts';
import { shownEventsMax, shownTextCharactersMax } from '../assess/analyst/material.ts';
import type { Config } from '../config.ts';
import type { VersionedPolicy } from '../decide/decide.ts';
import type { Clock } from '../kit/clock.ts';
import { type NewAnalysis, storeAnalysis, wasDecided } from '../store/analyses.ts';
import type { Database } from '../store/database.ts';
import { loadSessionChange } from '../store/session-changes.ts';
import { loadSessionMaterial, type StoredMaterial } from '../store/session-material.ts';
import type { Readings } from './readings.ts';
import type { JobHandler, Postponed } from './run-jobs.ts';

export const AnalyseJob = z.object({ sensor: z.string(), sessionId: z.string() });
export type AnalyseJob = Readonly<z.infer<typeof AnalyseJob>>;

const bounds = { eventsMax: shownEventsMax, charactersMax: shownTextCharactersMax * 4 };
const quietMs = 20_000;
/** A visitor who never falls silent is read as far as he got. */
const activeMaxMs = 15 * 60_000;
const waitMaxMs = 15 * 60_000;
/** What could not be asked about until then is history. */
const ageMaxMs = 6 * 3_600_000;

/** The handler of an `analyse` job: asks, has the reading heard by decide, stores both in one transaction, tells the feed. */
export function createAnalyseSession(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly analyst: Analyst;
  readonly policy: { currentPolicy(): VersionedPolicy };
  readonly decide: (changes: readonly SessionChange[]) => Decision[];
  readonly decided: (decisions: readonly Decision[]) => void;
  readonly readings: Pick<Readings, 'remember'>;
  readonly findAnalysis: (id: string) => Promise<AnalysisRecord | undefined>;
  readonly publish: (analysis: AnalysisRecord) => void;
}): JobHandler {
  const { config, database, clock, analyst, policy } = parts;

  return async function analyse(payload, signal) {
    const session = AnalyseJob.parse(payload);
    const material = await loadSessionMaterial(database.pool, session, bounds);
    if (!material || material.isProbe) return undefined;
    const quietFor = clock.now().getTime() - material.lastEventAt.getTime();
    if (material.isActive && quietFor < quietMs && material.durationSeconds * 1000 < activeMaxMs) {
      return { againInMs: quietMs };
    }
    const outcome = await analyst.read(material, signal);
    if (outcome.kind === 'later' && quietFor < ageMaxMs) return postponed(outcome.waitMs);
    const decisions = outcome.kind === 'read' ? await hear(outcome, material) : [];
    const id = await storeAnalysis(database, await toAnalysis(outcome, material, decisions), decisions);
    parts.decided(decisions);
    const record = await parts.findAnalysis(id);
    if (record) parts.publish(record);
    return undefined;
  };

  /** Decides again about the session, now that there is a reading. */
  async function hear(
    { reading }: Extract<AnalystOutcome, { kind: 'read' }>,
    { sensor, sessionId, gravestEventId }: StoredMaterial,
  ): Promise<Decision[]> {
    const { threat_score: threatScore, confidence, recommended_action: recommends } = reading;
    parts.readings.remember({ sensor, sessionId }, { threatScore, confidence, recommends });
    if (gravestEventId === null) return [];
    const change = await loadSessionChange(database.pool, { sensor, sessionId }, gravestEventId);
    return change ? parts.decide([change]) : [];
  }

  async function toAnalysis(
    outcome: AnalystOutcome,
    material: StoredMaterial,
    decisions: readonly Decision[],
  ): Promise<NewAnalysis> {
    const { sensor, sessionId, sourceIp, threatScore } = material;
    const about = {
      ...{ sensor, sessionId, sourceIp },
      provider: config.llm.provider,
      model: config.llm.model,
      analysedAt: clock.now(),
      threatScoreBefore: threatScore,
    };
    if (outcome.kind === 'read' || outcome.kind === 'refused') {
      const after = outcome.kind === 'read' ? raised(threatScore, outcome.reading.threat_score) : threatScore;
      return {
        ...about,
        status: outcome.kind,
        fingerprint: outcome.fingerprint,
        reading: outcome.kind === 'read' ? outcome.reading : null,
        citations: outcome.citations,
        shownEvents: outcome.shownEvents,
        why: outcome.kind === 'read' ? whyRaised(threatScore, after) : outcome.why,
        threatScoreAfter: after,
        recommendation: await judgeRecommendation(outcome, material, decisions),
        reused: outcome.reused,
        ...outcome.usage,
        tookMs: outcome.tookMs,
      };
    }
    const nothing = { reading: null, citations: [], shownEvents: [], recommendation: 'none' as const, reused: false };
    const fingerprint = outcome.kind === 'later' ? Buffer.alloc(0) : outcome.fingerprint;
    const unused = { threatScoreAfter: threatScore, inputTokens: 0, outputTokens: 0, tookMs: 0 };
    return { ...about, ...nothing, ...unused, status: 'skipped', fingerprint, why: outcome.why };
  }

  function raised(threatScore: number, told: number): number {
    return Math.max(threatScore, Math.min(1, told, threatScore + policy.currentPolicy().policy.guards.llmRaiseMax));
  }

  async function judgeRecommendation(
    outcome: AnalystOutcome,
    { sensor, sessionId }: StoredMaterial,
    decisions: readonly Decision[],
  ): Promise<NewAnalysis['recommendation']> {
    if (outcome.kind !== 'read' || outcome.reading.recommended_action === 'monitor') return 'none';
    const recommended = outcome.reading.recommended_action;
    if (decisions.some(({ decision }) => decision === recommended)) return 'followed';
    return (await wasDecided(database.pool, { sensor, sessionId }, recommended)) ? 'followed' : 'not_allowed';
  }
}

function postponed(waitMs: number): Postponed {
  return { againInMs: Math.min(waitMs, waitMaxMs) };
}

function whyRaised(before: number, after: number): string {
  return after > before
    ? `The threat score was raised from ${before.toFixed(2)} to ${after.toFixed(2)}.`
    : 'The threat score stays as the rules and models have it.';
}
