import { Decision } from '@cerberusmesh/contract/decision';
import type { Notice } from '@cerberusmesh/contract/notice';
import { endOf, questionNotice } from '../act/notify/question.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createApprovals } from '../store/approvals.ts';
import type { Database } from '../store/database.ts';
import { loadNoticeFacts } from '../store/notices.ts';
import type { ApprovalLinks } from './approval-links.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobRunner, type JobRunner } from './run-jobs.ts';

/**
 * Tells people on every channel that a decision waits for their word, with a link that answers it. A lane of its own: a
 * question has minutes, and what is carried out meanwhile may take as long.
 */
export function composeAskPeople(parts: {
  readonly config: Pick<Config, 'http'>;
  readonly database: Database;
  readonly links: Pick<ApprovalLinks, 'linkFor'>;
  /** Gives on how many channels it waits. */
  readonly queue: (notice: Notice) => Promise<number>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): JobRunner {
  const { config, database, links, queue, clock, log } = parts;
  const now = () => clock.now();
  const approvals = createApprovals({ database, now });
  return createJobRunner({
    queue: createJobQueue(database),
    handlers: new Map([['ask', ask]]),
    clock,
    onFailure: (job, error) =>
      log.warn({ err: error, job: job?.id }, 'A question could not be told; tried again soon.'),
  });

  async function ask(payload: unknown): Promise<void> {
    const question = Decision.parse(payload);
    const { id, sensor, sessionId } = question;
    // Answered in the dashboard already, called off, or its time is over.
    if (!(await approvals.isPending(id))) return;
    const facts = await loadNoticeFacts(database.pool, { decisionId: id, sensor, sessionId });
    const answerUrl = links.linkFor(id, endOf(question));
    const publicUrl = config.http.publicUrl?.replace(/\/+$/, '') ?? null;
    const told = await queue(questionNotice(question, facts, { answerUrl, publicUrl, now: now() }));
    if (told === 0) log.warn({ decision: id }, 'A person is asked, and no channel is configured: see the dashboard.');
  }
}
