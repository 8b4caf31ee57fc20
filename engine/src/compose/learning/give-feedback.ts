import type { Normalize } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { FeedbackRecord, FeedbackRequest } from '@cerberusmesh/contract/feedback';
import type { Severity, StoredSeverity } from '@cerberusmesh/contract/severity';
import { appendAudit } from '../../store/audit.ts';
import type { Database } from '../../store/database.ts';
import { findTold, storeFeedback } from '../../store/learning/feedback.ts';
import { findStoredAssessment } from '../../store/learning/stored-assessment.ts';
import { readStoredEvents } from '../../store/learning/stored-events.ts';
import { writeReassessed } from '../../store/learning/write-reassessed.ts';
import { corrected } from './corrected.ts';
import { toSensorEvent } from './stored-sensor-event.ts';

/**
 * A person's word on an event: kept as a label to learn from, audited, and at once put in the place of what the model
 * had told, with all that is counted from it. One transaction.
 * @throws CerberusError NOT_FOUND, or CONFLICT where an event is confirmed that nothing was told of yet.
 */
export function createGiveFeedback(parts: {
  readonly database: Database;
  readonly normalize: Normalize;
  readonly written: () => void;
}) {
  const { database, normalize, written } = parts;

  return async function giveFeedback(eventId: string, request: FeedbackRequest, by: string): Promise<FeedbackRecord> {
    const record = await database.transaction(async (client) => {
      const [stored] = await readStoredEvents(client, { fromId: eventId, after: false, toId: lastId, limit: 1 });
      if (stored?.id !== eventId.toLowerCase()) throw new CerberusError('NOT_FOUND', `There is no event ${eventId}.`);
      const assessment = await findStoredAssessment(client, stored.id);
      const before = (await findTold(client, stored.id)) ?? { severity: stored.severity, assessment };
      const told = before.severity;
      const severity = severityOf(request, told);
      const event = toSensorEvent(stored, normalize);
      const command = event.detail.kind === 'command' ? event.detail.input : null;
      const given = {
        ...{ event_id: stored.id, event_type: stored.eventType, command, learnable: command !== null },
        ...{ verdict: request.verdict, told, severity, note: request.note ?? null, given_by: by },
      };
      const feedback = await storeFeedback(client, given, before.assessment);
      const now = corrected(assessment ?? null, severity);
      if (now !== null && severity !== stored.severity) {
        const typed = event.detail.kind === 'command' && event.detail.phase === 'typed' ? command : null;
        await writeReassessed(client, [{ event: stored, assessment: now, typed }]);
      }
      const details = { verdict: request.verdict, told, before: stored.severity, severity, note: request.note ?? null };
      await appendAudit(client, { actor: by, action: 'events.feedback', subject: stored.id, details });
      return feedback;
    });
    written();
    return record;
  };
}

const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

function severityOf({ verdict, severity }: FeedbackRequest, told: StoredSeverity): Severity {
  if (verdict === 'false_positive') return 'LOW';
  if (severity !== undefined) return severity;
  if (told !== 'UNKNOWN') return told;
  throw new CerberusError('CONFLICT', 'Nothing was told of this event yet, so there is nothing to confirm.');
}
