import type { DecisionKind, GuardName } from '@cerberusmesh/contract/decision';
import type { PolicyGuards, PolicyRule } from '@cerberusmesh/contract/policy';
import type { Circumstances, Situation } from '@cerberusmesh/contract/situation';
import { type ActionHistory, changesSomething } from './history.ts';
import { createNetworkCheck } from './networks.ts';

/** Why something is not done; `because` is the end of a sentence. */
export interface Objection {
  readonly guard: GuardName;
  readonly because: string;
}

/** What a guard looks at. */
export interface Intention {
  readonly rule: PolicyRule;
  readonly target: string;
  readonly situation: Situation;
  readonly circumstances: Circumstances;
  /** The session's threat score, raised within the bound. */
  readonly threatScore: number;
  readonly history: ActionHistory;
  readonly now: Date;
}

type Guard = (intention: Intention) => Objection | undefined;

const hourMs = 3_600_000;
const secondMs = 1000;

/** The guards in the order in which they are asked: the first that objects is recorded. */
export function createGuards(policy: PolicyGuards): (intention: Intention) => Objection | undefined {
  const guards: readonly Guard[] = [
    recording,
    createOwnGuard(policy.never),
    history,
    killSwitch,
    switchedOff,
    scores,
    controlGroup,
    (intention) => cooldown(intention, policy),
    (intention) => budget(intention, policy),
    (intention) => blastRadius(intention, policy),
  ];
  return function findObjection(intention) {
    for (const guard of guards) {
      const objection = guard(intention);
      if (objection) return objection;
    }
    return undefined;
  };
}

const recording: Guard = ({ circumstances }) =>
  circumstances.isRecording
    ? { guard: 'recording', because: 'this is a recording, and nobody is there to see it.' }
    : undefined;

function createOwnGuard({ networks, usernames, keyFingerprints }: PolicyGuards['never']): Guard {
  const isOurs = createNetworkCheck(networks);
  return function own({ situation }) {
    const { sourceIp, session } = situation;
    const login = session.lastLogin;
    if (isOurs(sourceIp))
      return { guard: 'own', because: `${sourceIp} lies in our own networks, or in one that is allowed.` };
    if (login === undefined) return undefined;
    if (usernames.includes(login.username)) {
      return { guard: 'own', because: `the user name ${JSON.stringify(login.username)} is one of our own people's.` };
    }
    return login.keyFingerprint !== null && keyFingerprints.includes(login.keyFingerprint)
      ? { guard: 'own', because: `the key ${login.keyFingerprint} is one of our own people's.` }
      : undefined;
  };
}

const history: Guard = ({ circumstances, situation, now }) =>
  now.getTime() - situation.eventEpochMs > circumstances.eventAgeMaxSeconds * secondMs
    ? { guard: 'history', because: 'the event is history.' }
    : undefined;

/** A notice still goes out: it changes nothing, and somebody should know. */
const killSwitch: Guard = ({ circumstances, rule }) =>
  circumstances.killSwitch && rule.decision !== 'escalate'
    ? { guard: 'kill_switch', because: 'the kill switch is on (CERBERUS_KILL_SWITCH).' }
    : undefined;

const switchedOff: Guard = ({ circumstances, rule }) => {
  if (rule.decision === 'insert_trap' && !circumstances.autoAdaptation) {
    return {
      guard: 'auto_adaptation',
      because: 'automatic adaptation is switched off (ENABLE_AUTO_ADAPTATION).',
    };
  }
  return rule.decision !== 'escalate' && !circumstances.autoAction
    ? { guard: 'auto_action', because: 'automatic actions are switched off (CERBERUS_AUTO_ACTION).' }
    : undefined;
};

const scores: Guard = ({ circumstances, rule, situation, threatScore }) => {
  const { threatScoreMin, confidenceMin } = circumstances;
  const { confidence } = situation.assessment;
  if (rule.decision === 'insert_trap' && threatScore < threatScoreMin) {
    return {
      guard: 'threat_score',
      because: `the threat score ${threatScore.toFixed(2)} is below ${threatScoreMin} (HIGH_SEVERITY_THRESHOLD).`,
    };
  }
  // Asking a person and telling a person need no certainty.
  return changesSomething(rule.decision) && rule.approvalMinutes === undefined && confidence < confidenceMin
    ? {
        guard: 'confidence',
        because: `the confidence ${confidence.toFixed(2)} is below ${confidenceMin} (CERBERUS_THRESHOLD).`,
      }
    : undefined;
};

const controlGroup: Guard = ({ circumstances, rule }) =>
  circumstances.isControl && rule.decision === 'insert_trap'
    ? { guard: 'control_group', because: 'this attacker is in the control group, which adaptations are compared with.' }
    : undefined;

function cooldown({ rule, target, circumstances, history, now }: Intention, policy: PolicyGuards) {
  const lastMs = history.lastAtMs(rule.decision, target);
  if (lastMs === undefined) return undefined;
  const restSeconds = rule.cooldownSeconds ?? policy.cooldownSeconds[rule.decision] ?? usual(rule.decision);
  const readyMs = lastMs + restSeconds * secondMs;
  return readyMs > now.getTime()
    ? {
        guard: 'cooldown' as const,
        because: `${rule.decision} was decided for ${target} at ${iso(lastMs)}, which rests until ${iso(readyMs)}.`,
      }
    : undefined;

  function usual(kind: DecisionKind): number {
    return kind === 'insert_trap' ? circumstances.cooldownSeconds : usualCooldownSeconds[kind];
  }
}

/** Where the policy says nothing. An adaptation's is the setting ADAPTATION_COOLDOWN_SECONDS. */
const usualCooldownSeconds: Record<Exclude<DecisionKind, 'insert_trap'>, number> = {
  monitor: 3600,
  rotate_key: 3600,
  launch_decoy: 3600,
  escalate: 900,
};

function budget({ rule, history, now }: Intention, policy: PolicyGuards) {
  const max = policy.budgetPerHour[rule.decision];
  if (max === undefined) return undefined;
  const done = history.countSince(rule.decision, now.getTime() - hourMs);
  return done >= max
    ? { guard: 'budget' as const, because: `${done} were done within the last hour, and the budget is ${max}.` }
    : undefined;
}

function blastRadius({ rule, target, history, now }: Intention, policy: PolicyGuards) {
  if (!changesSomething(rule.decision)) return undefined;
  const { targetsMax, withinMinutes } = policy.blastRadius;
  const changed = history.changedSince(now.getTime() - withinMinutes * 60 * secondMs);
  return changed.size >= targetsMax && !changed.has(target)
    ? {
        guard: 'blast_radius' as const,
        because: `${changed.size} different targets were changed within ${withinMinutes} minutes, and ${targetsMax} is the most.`,
      }
    : undefined;
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
