import type { Decision } from '@cerberusmesh/contract/decision';
import { wordsFor } from '@cerberusmesh/contract/decision-words';
import type { Notice } from '@cerberusmesh/contract/notice';
import { plainText } from '../../kit/plain-text.ts';
import { evidenceOf, linksTo, type NoticeFacts, placeOf } from './notice-parts.ts';

/** A decision that a person is asked about. */
export type Question = Pick<
  Decision,
  | 'id'
  | 'decidedAt'
  | 'approvalSeconds'
  | 'decision'
  | 'adaptations'
  | 'parameters'
  | 'also'
  | 'alsoParameters'
  | 'target'
  | 'rule'
  | 'why'
  | 'severity'
  | 'sensor'
  | 'sessionId'
  | 'sourceIp'
>;

/** From then on an answer changes nothing. */
export function endOf({ decidedAt, approvalSeconds }: Pick<Question, 'decidedAt' | 'approvalSeconds'>): Date {
  return new Date(Date.parse(decidedAt) + (approvalSeconds ?? 0) * 1000);
}

/** The notice of a question; `answerUrl` opens it, shows what is asked and takes one answer. */
export function questionNotice(
  question: Question,
  facts: Pick<NoticeFacts, 'evidence'>,
  { answerUrl, publicUrl, now }: { readonly answerUrl: string; readonly publicUrl: string | null; readonly now: Date },
): Notice {
  const { id, severity, rule, why } = question;
  const expires_at = endOf(question).toISOString();
  return {
    // The decision's: asked again, by another process or after a crash, it is the same notice.
    id,
    at: now.toISOString(),
    group: `decision:${id}`,
    severity,
    subject: plainText(`Asked: ${wantedOf(question)}?`).slice(0, 300),
    why: plainText(`${why} (rule ${rule}) Without an answer by ${expires_at} it is not done.`).slice(0, 1000),
    where: placeOf(question),
    evidence: evidenceOf(facts),
    links: [{ name: 'Answer', url: answerUrl }, ...linksTo(publicUrl, question)],
    expires_at,
  };
}

function wantedOf(question: Question): string {
  const what = wordsFor(question);
  return question.target === '' ? what : `${what} on ${question.target}`;
}
