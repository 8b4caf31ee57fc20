import type { EventSummary } from '@cerberusmesh/contract/api-events';

/** So many new rows an update, seven updates a second; a row new on the page is almost a millisecond of its time. */
const newMax = 8;
const rowsMax = 20;

/**
 * What a list shows of a flood: of each update only the newest few, above those that stood there before. Where there is
 * no flood it is everything.
 */
export function createThinning() {
  let shown: readonly EventSummary[] = [];
  let newestId: string | undefined;

  return {
    /** `events`: newest first. The same events again give the same rows. */
    next(events: readonly EventSummary[], isFlood: boolean): readonly EventSummary[] {
      if (isFlood) {
        const at = events.findIndex(({ id }) => id === newestId);
        const fresh = events.slice(0, Math.min(newMax, at < 0 ? events.length : at));
        shown = [...fresh, ...shown].slice(0, rowsMax);
      } else shown = events;
      newestId = events[0]?.id;
      return shown;
    },
  };
}
