import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { createFeed, type FeedSnapshot } from './feed.ts';

const feed = createFeed();

export function useFeed(): FeedSnapshot {
  return useSyncExternalStore(feed.subscribe, feed.read);
}

/** Keeps the feed open while the shell stands, and lets lists ask again when something was decided or done. */
export function useOpenFeed(): void {
  const queries = useQueryClient();
  useEffect(() => {
    feed.start();
    let known = feed.read().changes;
    const unsubscribe = feed.subscribe(() => {
      const { changes } = feed.read();
      if (changes === known) return;
      known = changes;
      for (const path of ['/api/decisions', '/api/adaptations', '/api/actions']) {
        void queries.invalidateQueries({ queryKey: ['list', path] });
      }
      void queries.invalidateQueries({ queryKey: ['attacker profile'] });
    });
    return () => {
      unsubscribe();
      feed.stop();
    };
  }, [queries]);
}
