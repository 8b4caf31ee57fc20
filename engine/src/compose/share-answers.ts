import { z } from 'zod';
import type { ReputationStore } from '../assess/reputation/ask-providers.ts';
import type { CacheKind, SharedCache } from './shared-cache.ts';

const Shared = z.object({
  answer: z.object({ score: z.number().min(0).max(1).nullable(), says: z.string() }),
  expiresAt: z.coerce.date(),
});

/** Lets engines that share a Redis share what providers told them: `save`, and what `save` of any of them kept. */
export function shareAnswers(
  cache: Pick<SharedCache, 'find' | 'keep'>,
  kind: CacheKind,
  save: ReputationStore['save'],
): Pick<ReputationStore, 'recall' | 'save'> {
  return {
    recall: (subject, provider) => cache.find(kind, `${provider} ${subject}`, Shared),
    async save(subject, provider, answer, now, expiresAt) {
      await save(subject, provider, answer, now, expiresAt);
      const keepSeconds = (expiresAt.getTime() - now.getTime()) / 1000;
      await cache.keep(kind, `${provider} ${subject}`, { answer, expiresAt }, keepSeconds);
    },
  };
}
