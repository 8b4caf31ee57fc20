import type { Assessment } from '@cerberusmesh/contract/assessment';
import type { Normalize } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { FeedbackWithdrawn } from '@cerberusmesh/contract/feedback';
import type { StoredSeverity } from '@cerberusmesh/contract/severity';
import { appendAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { findTold, removeFeedback } from '../../store/learning/feedback.ts';
import { findStoredAssessment } from '../../store/learning/stored-assessment.ts';
import { readStoredEvents } from '../../store/learning/stored-events.ts';
import { writeReassessed } from '../../store/learning/write-reassessed.ts';
import { corrected } from './corrected.ts';
import { toSensorEvent } from './stored-sensor-event.ts';

/**
 * Takes a person's word on an event back, a slip of the mouse say: what the model had told stands again, with all that is
 * counted from it. One transaction, audited.
 * @throws CerberusError NOT_FOUND where nothing was said of the event.
 */
export function createWithdrawFeedback(parts: {
  readonly database: Database;
  readonly normalize: Normalize;
  readonly written: () => void;
}) {
  const { database, normalize, written } = parts;

  return async function withdrawFeedback(eventId: string, by: string): Promise<FeedbackWithdrawn> {
    const withdrawn = await database.transaction(async (client) => {
      const told = await findTold(client, eventId);
      if (told === undefined) throw new CerberusError('NOT_FOUND', `Nothing was said of an event ${eventId}.`);
      await removeFeedback(client, eventId);
      const [stored] = await readStoredEvents(client, { fromId: eventId, after: false, toId: lastId, limit: 1 });
      const now = told.assessment ?? withSeverity(await findStoredAssessment(client, eventId), told.severity);
      // Retention may have taken the event meanwhile: then only the label goes.
      if (stored?.id === eventId.toLowerCase() && now !== null) {
        const { detail } = toSensorEvent(stored, normalize);
        const typed = detail.kind === 'command' && detail.phase === 'typed' ? detail.input : null;
        await writeReassessed(client, [{ event: stored, assessment: now, typed }]);
      }
      const details = { told: told.severity, before: stored?.severity ?? null };
      await appendAudit(client, { actor: by, action: 'events.feedback.withdraw', subject: eventId, details });
      return { event_id: eventId.toLowerCase(), severity: told.severity };
    });
    written();
    return withdrawn;
  };
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Feedback of before 0046 kept only the severity: the rest of the assessment is as the person's word left it. */
function withSeverity(assessment: Assessment | undefined, told: StoredSeverity): Assessment | null {
  return told === 'UNKNOWN' ? null : corrected(assessment ?? null, told);
}
