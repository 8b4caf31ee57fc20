import type { ActionCause } from '@cerberusmesh/contract/action';
import { escalateDeclaration, Notice } from '@cerberusmesh/contract/notice';
import { z } from 'zod';
import { plainText } from '../../kit/plain-text.ts';
import { type Action, defineAction } from '../action.ts';
import { evidenceOf, linksTo, type NoticeFacts, placeOf } from './notice-parts.ts';

export interface EscalateParts {
  readonly loadFacts: (cause: ActionCause) => Promise<NoticeFacts>;
  /** Why nobody is told whatever it is, as a sentence. Asked first: most installations begin without a channel. */
  readonly silence: (cause: ActionCause) => string | undefined;
  /** Why nobody is to be told of this, as a sentence; undefined where somebody is. */
  readonly objection: (facts: NoticeFacts) => string | undefined;
  /** Queues it on every channel, or counts it where the same was told a while ago. @returns how many channels it waits on. */
  readonly queue: (notice: Notice) => Promise<number>;
  /** How many channels have it, waiting or sent. */
  readonly countQueued: (id: string) => Promise<number>;
  /** The address of our own page and API, without a closing slash; null where it is not known. */
  readonly publicUrl: string | null;
  readonly now: () => Date;
}

/** `escalate`: one notice, queued durably; delivering it, through outages, is `deliver.ts`. */
export function createEscalate(parts: EscalateParts): Action {
  return defineAction({
    declaration: escalateDeclaration,
    plan: z.object({ notice: Notice }),
    targets: async (wanted, cause) => parts.silence(cause) ?? [wanted],
    targetOf: () => 'people',
    lifetimeSeconds: () => null,
    async check(_parameters, cause) {
      return parts.objection(await parts.loadFacts(cause));
    },
    async makePlan(_parameters, cause, id) {
      return { notice: toNotice(id, cause, await parts.loadFacts(cause), parts) };
    },
    async run({ plan }) {
      return { channels: await parts.queue(plan.notice) };
    },
    async verify({ plan }) {
      const queued = await parts.countQueued(plan.notice.id);
      const why =
        queued > 0
          ? `${queued} channels have it; GET /api/notices says what became of it.`
          : 'The same was told a while ago.';
      return { verified: true, looked: true, why };
    },
    undo: async () => undefined,
  });
}

function toNotice(id: string, cause: ActionCause, facts: NoticeFacts, { publicUrl, now }: EscalateParts): Notice {
  const { reason, severity, sensor, sessionId, sourceIp } = cause;
  const { campaign, rule, threatScore } = facts;
  const who = sourceIp ?? sessionId ?? 'somebody';
  const score = threatScore === null ? '' : ` (threat score ${threatScore.toFixed(2)})`;
  return {
    id,
    at: now().toISOString(),
    group: groupOf(campaign, sourceIp, sessionId),
    severity,
    subject: plainText(`${severity} ${who} on ${sensor ?? 'a sensor'}${score}`).slice(0, 300),
    why: plainText(rule === null ? reason : `${reason} (rule ${rule})`).slice(0, 1000),
    where: placeOf(cause),
    evidence: evidenceOf(facts),
    links: linksTo(publicUrl, cause),
  };
}

/** A campaign is one thing, however many addresses it comes from. */
function groupOf(campaign: string | null, sourceIp: string | null, sessionId: string | null): string {
  if (campaign !== null) return `campaign:${campaign}`;
  return (sourceIp === null ? `session:${sessionId ?? 'none'}` : `attacker:${sourceIp}`).slice(0, 300);
}
