import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import { type Assess, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { BatchRequest } from '@cerberusmesh/contract/ml';
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
): Promise<(Assessment | null)[]> {
  const states = new Map<string, SessionState>(sessions.map(({ key, state }) => [key, state]));
  const assessments: (Assessment | null)[] = [];
  await forEachBreathing(events, (event) => {
    const key = sessionKeyOf(event) ?? event.id;
    try {
      const { assessment, session } = assess(event, states.get(key) ?? startSession(event));
      states.set(key, session);
      assessments.push(assessment);
    } catch (error) {
      failed(event.id, error);
      assessments.push(null);
    }
  });
  return assessments;
}
