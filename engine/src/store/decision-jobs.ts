import type { ActionKind, ActionRequest } from '@cerberusmesh/contract/action';
import type { Companion, Decision } from '@cerberusmesh/contract/decision';

/** A job that follows from a decision. */
export interface DecisionJob {
  readonly decisionId: string;
  readonly kind: 'act' | 'action' | 'ask';
  /** The same cause queues the same job once. */
  readonly key: string;
  readonly payload: unknown;
  /** Not before; null is at once. */
  readonly runAt: string | null;
}

/** What tells people that they are asked. It never waits: the question has its own end. */
export function askJobOf(decision: Decision): DecisionJob {
  const { inputs: _inputs, draws: _draws, ...payload } = decision;
  return { decisionId: decision.id, kind: 'ask', key: `ask ${decision.id}`, payload, runAt: null };
}

/**
 * What carries a decision out: changes to a honeypot's world are jobs of their own, everything else is an action. A
 * notice may have to wait for the end of quiet hours; the lock-down that goes with it does not.
 */
export function jobsOf(decision: Decision): DecisionJob[] {
  const decisionId = decision.id;
  const { inputs: _inputs, draws: _draws, ...payload } = decision;
  const job: DecisionJob =
    decision.decision === 'insert_trap'
      ? { decisionId, kind: 'act', key: `act ${decisionId}`, payload, runAt: null }
      : jobOf(requestOf(decision, decision.decision), decision.quietUntil);
  return [job, ...decision.also.map((kind) => jobOf(besideIt(decision, kind), null))];
}

function besideIt(decision: Decision, kind: Companion): ActionRequest {
  return { ...requestOf(decision, kind), parameters: decision.alsoParameters[kind] ?? {}, lifetimeSeconds: null };
}

function jobOf(request: ActionRequest, runAt: string | null): DecisionJob {
  const { causeId } = request.cause;
  return { decisionId: causeId, kind: 'action', key: `action ${request.kind} ${causeId}`, payload: request, runAt };
}

function requestOf(decision: Decision, kind: ActionKind): ActionRequest {
  const { id, why, severity, sensor, sessionId, sourceIp, parameters, lifetimeSeconds } = decision;
  const cause = {
    causeId: id,
    decisionId: id,
    requestedBy: 'engine',
    reason: why,
    severity,
    sensor,
    sessionId,
    sourceIp,
  };
  return { kind, parameters: { ...namedBy(decision, kind), ...parameters }, lifetimeSeconds, cause };
}

/** What the decision is aimed at, where the action could not find it by itself. */
function namedBy({ target }: Decision, kind: ActionKind): { readonly campaign?: string; readonly lure?: string } {
  const [what, id] = target.split(':');
  if (id === undefined) return {};
  if (kind === 'monitor' && what === 'campaign') return { campaign: id };
  return kind === 'rotate_key' && what === 'lure' ? { lure: id } : {};
}
