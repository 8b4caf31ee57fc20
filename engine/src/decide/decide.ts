import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { Policy, PolicyRule } from '@cerberusmesh/contract/policy';
import { holds } from './condition.ts';

/** A session as it stands, with the gravest event that brought it here. */
export interface Situation {
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly eventId: string;
  readonly eventEpochMs: number;
  readonly assessment: Assessment;
  readonly session: SessionState;
}

/** What limits what may be done, whatever the rules say. */
export interface Guards {
  readonly autoAdaptation: boolean;
  readonly autoAction: boolean;
  /** Threat score from which a grave event may change anything (`HIGH_SEVERITY_THRESHOLD`). */
  readonly threatScoreMin: number;
  /** Confidence from which a model may change anything by itself (`CERBERUS_THRESHOLD`). */
  readonly confidenceMin: number;
  readonly cooldownSeconds: number;
  /** Older events are history: they are read, and nothing is done about them. */
  readonly eventAgeMaxSeconds: number;
  /** What comes from it is a recording: nobody is there to see a change. */
  readonly isRecording: boolean;
  /** When this sensor was last adapted. */
  readonly lastAdaptedAt?: Date;
}

/** A decision without its id, which the caller makes from its content. */
export type Verdict = Omit<Decision, 'id'>;

/**
 * Decides about a session: of each kind of decision the first rule that holds, and what the guards make of it. Pure:
 * the same situation, policy, guards and time give the same verdicts. Empty where no rule holds at all.
 */
export function decide(situation: Situation, policy: Policy, guards: Guards, now: Date): Verdict[] {
  const kinds = new Set<string>();
  const verdicts: Verdict[] = [];
  for (const rule of policy.rules) {
    if (kinds.has(rule.decision) || !holds(rule.when, situation)) continue;
    // "Watch, because nothing else" is only true where nothing else was decided.
    if (rule.decision === 'monitor' && verdicts.length > 0) continue;
    kinds.add(rule.decision);
    verdicts.push(judge(rule, situation, policy, guards, now));
  }
  return verdicts;
}

function judge(rule: PolicyRule, situation: Situation, policy: Policy, guards: Guards, now: Date): Verdict {
  const objection = rule.adaptations.length > 0 ? findObjection(situation, guards, now) : undefined;
  const { assessment, session } = situation;
  return {
    decidedAt: now.toISOString(),
    decision: objection === undefined ? rule.decision : 'monitor',
    adaptations: objection === undefined ? rule.adaptations : [],
    rule: rule.id,
    why: objection === undefined ? rule.why : `${rule.why} Not done: ${objection}`,
    sensor: situation.sensor,
    sessionId: situation.sessionId,
    sourceIp: situation.sourceIp,
    eventId: situation.eventId,
    severity: session.severity,
    threatScore: session.threatScore,
    confidence: assessment.confidence,
    policyVersion: policy.version,
    modelVersion: assessment.modelVersion,
  };
}

/** Why nothing may be changed now, as the end of a sentence; undefined where it may. */
function findObjection(
  { assessment, session, eventEpochMs }: Situation,
  guards: Guards,
  now: Date,
): string | undefined {
  const ageSeconds = (now.getTime() - eventEpochMs) / 1000;
  if (guards.isRecording) return 'this is a recording, and nobody is there to see it.';
  if (!guards.autoAdaptation) return 'automatic adaptation is switched off (ENABLE_AUTO_ADAPTATION).';
  if (!guards.autoAction) return 'automatic actions are switched off (CERBERUS_AUTO_ACTION).';
  if (ageSeconds > guards.eventAgeMaxSeconds) return 'the event is history.';
  if (session.threatScore < guards.threatScoreMin) {
    return `the threat score ${session.threatScore.toFixed(2)} is below ${guards.threatScoreMin} (HIGH_SEVERITY_THRESHOLD).`;
  }
  if (assessment.confidence < guards.confidenceMin) {
    return `the confidence ${assessment.confidence.toFixed(2)} is below ${guards.confidenceMin} (CERBERUS_THRESHOLD).`;
  }
  return findCooldown(guards, now);
}

function findCooldown({ lastAdaptedAt, cooldownSeconds }: Guards, now: Date): string | undefined {
  if (!lastAdaptedAt) return undefined;
  const readyAt = new Date(lastAdaptedAt.getTime() + cooldownSeconds * 1000);
  return readyAt > now
    ? `this sensor was adapted at ${lastAdaptedAt.toISOString()}, and rests until ${readyAt.toISOString()}.`
    : undefined;
}
