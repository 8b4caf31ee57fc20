import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { createFeed, type FeedSnapshot } from './feed.ts';

const feed = createFeed();

/** A part of the feed: who shows the state alone is not drawn anew with each event. What `select` gives is compared by identity. */
export function useFeed<Part>(select: (feed: FeedSnapshot) => Part): Part {
  return useSyncExternalStore(feed.subscribe, () => select(feed.read()));
}

/** A flood decides something with each batch; a list that asked again each time would ask seven times a second. */
const askAgainEachMs = 2000;

/** Keeps the feed open while the shell stands, and lets lists ask again when something was decided or done. */
export function useOpenFeed(): void {
  const queries = useQueryClient();
  useEffect(() => {
    feed.start();
    let known = feed.read().changes;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = feed.subscribe(askAgain);
    return () => {
      clearTimeout(resting);
      unsubscribe();
      feed.stop();
    };

    function askAgain(): void {
      const { changes } = feed.read();
      if (changes === known || resting !== undefined) return;
      known = changes;
      resting = setTimeout(() => {
        resting = undefined;
        askAgain();
      }, askAgainEachMs);
      for (const path of ['/api/decisions', '/api/adaptations', '/api/actions']) {
        void queries.invalidateQueries({ queryKey: ['list', path] });
      }
      void queries.invalidateQueries({ queryKey: ['attacker profile'] });
    }
  }, [queries]);
}
