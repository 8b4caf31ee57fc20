import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { CampaignChanges } from '@cerberusmesh/contract/campaign';
import { eventEvidence } from '../assess/campaign/evidence.ts';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import { findTellingEvidence } from '../store/campaign-memory.ts';
import type { Database } from '../store/database.ts';

/** About 150 bytes each. */
const evidenceKept = 50_000;
const activeDays = 30;

/**
 * Which campaign a visitor belongs to while he is still there: by evidence that alone tells a campaign and that no other
 * one shows, or by his address. A guess in time for a decision; the session's own membership is told when it has ended.
 */
export interface LiveCampaigns {
  campaignOf(change: SessionChange): string | null;
  /** Told of each batch of folded sessions. */
  learn(changes: Pick<CampaignChanges, 'evidence' | 'merges'>): void;
}

/** Kinds that tell a campaign while a session is under way. */
const telling = new Set(['key', 'payload', 'url', 'wallet', 'login_key', 'address']);

/** In memory, for decide asks with every change. Begins with the evidence of the last `activeDays`. */
export async function openLiveCampaigns(database: Database, now: Date): Promise<LiveCampaigns> {
  const known = createRecentAnswers<string | null>(evidenceKept);
  /** A campaign that became a part of another: what was remembered of it means the other. */
  const redirects = createRecentAnswers<string>(evidenceKept);
  const since = new Date(now.getTime() - activeDays * 86_400_000);
  for (const { id, campaignId } of await findTellingEvidence(database.pool, [...telling], since, evidenceKept / 2)) {
    remember(id, campaignId);
  }

  return {
    campaignOf({ event }) {
      const address = event.sourceIp === null ? [] : eventEvidence({ ...event, detail: { kind: 'connect' } });
      for (const { id, kind } of [...eventEvidence(event), ...address]) {
        const campaignId = telling.has(kind) ? known.get(id) : undefined;
        if (campaignId !== undefined && campaignId !== null) return redirects.get(campaignId) ?? campaignId;
      }
      return null;
    },
    learn({ evidence, merges }) {
      for (const { youngerId, olderId } of merges) redirects.set(youngerId, olderId);
      for (const { id, kind, campaignId } of evidence) if (telling.has(kind)) remember(id, campaignId);
    },
  };

  /** What two campaigns show tells neither. */
  function remember(id: string, campaignId: string): void {
    const before = known.get(id);
    const isSame = before !== null && before !== undefined && (redirects.get(before) ?? before) === campaignId;
    known.set(id, before === undefined || isSame ? campaignId : null);
  }
}
