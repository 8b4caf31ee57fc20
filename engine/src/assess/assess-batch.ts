import type { SessionState } from '@cerberusmesh/contract/assessment';
import { type Assess, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { BatchRequest, BatchResponse } from '@cerberusmesh/contract/ml';
import { forEachBreathing } from '../kit/breathe.ts';
import { startSession } from './session-state.ts';

/**
 * Assesses events in order, each with its session as the ones before left it: what the pipeline does, for those who ask
 * over the wire. An event that assess throws at gets null and costs no other.
 */
export async function assessBatch(
  { events, sessions }: BatchRequest,
  assess: Assess,
  failed: (eventId: string, error: unknown) => void,
): Promise<BatchResponse> {
  const states = new Map<string, SessionState>(sessions.map(({ key, state }) => [key, state]));
  const answer: BatchResponse = { assessments: [], oddestLogins: [] };
  await forEachBreathing(events, (event) => {
    const key = sessionKeyOf(event) ?? event.id;
    const before = states.get(key) ?? startSession(event);
    try {
      const { assessment, session } = assess(event, before);
      states.set(key, session);
      answer.assessments.push(assessment);
      answer.oddestLogins.push(session.oddestLogin ?? null);
    } catch (error) {
      failed(event.id, error);
      answer.assessments.push(null);
      answer.oddestLogins.push(before.oddestLogin ?? null);
    }
  });
  return answer;
}
