import type { ArtifactSighting } from '@cerberusmesh/contract/artifact';
import { reasonOf } from '../../kit/reason-of.ts';
import type { Unkept } from '../../store/artifacts.ts';

/** Of one sensor; what else it tells of waits in the database. */
const queuedMax = 50;
const laterSeconds = 60;
const dayMs = 86_400_000;
/** A file that its sensor did not give for so long is given up. */
const patienceMs = 7 * dayMs;

/**
 * Brings in what sensors keep, each sensor in a line of its own: one that is away, slow, or tells of more than it is allowed
 * holds up itself alone.
 */
export function createSensorArtifacts(parts: {
  /** Of one sensor in a day, so that none can push out what others brought. */
  readonly dayBytesMax: number;
  readonly now: () => Date;
  /** Keeps it; or gives why not. @returns bytes that were kept */
  readonly bring: (sensor: string, sighting: ArtifactSighting) => Promise<{ bytes: number; unkept: readonly Unkept[] }>;
  readonly settle: (unkept: readonly Unkept[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}) {
  const lines = new Map<string, Map<string, ArtifactSighting>>();
  const days = new Map<string, { readonly day: number; bytes: number }>();

  return {
    /** Queues it; where that cannot be now, gives when it can be. */
    take(sensor: string, sighting: ArtifactSighting): Unkept[] {
      if (spentToday(sensor).bytes >= parts.dayBytesMax)
        return [later(sighting, `"${sensor}" has brought what one sensor may in a day.`, 3600)];
      const line = lines.get(sensor);
      if (line?.has(sighting.eventId)) return [];
      if (line && line.size >= queuedMax) return [later(sighting, `"${sensor}" is asked for others before.`)];
      if (line) line.set(sighting.eventId, sighting);
      else {
        const begun = new Map([[sighting.eventId, sighting]]);
        lines.set(sensor, begun);
        void work(sensor, begun);
      }
      return [];
    },
  };

  async function work(sensor: string, line: Map<string, ArtifactSighting>): Promise<void> {
    for (const [eventId, sighting] of line) {
      await bringOne(sensor, sighting).catch(parts.onFailure);
      line.delete(eventId);
    }
    lines.delete(sensor);
  }

  async function bringOne(sensor: string, sighting: ArtifactSighting): Promise<void> {
    try {
      const { bytes, unkept } = await parts.bring(sensor, sighting);
      spentToday(sensor).bytes += bytes;
      await parts.settle(unkept);
    } catch (error) {
      const isOver = parts.now().getTime() - sighting.seenAt.getTime() > patienceMs;
      const unkept = later(sighting, reasonOf(error).slice(0, 500));
      await parts.settle([isOver ? { ...unkept, state: 'missing', waitSeconds: null } : unkept]);
    }
  }

  function spentToday(sensor: string): { readonly day: number; bytes: number } {
    const day = Math.floor(parts.now().getTime() / dayMs);
    const known = days.get(sensor);
    if (known?.day === day) return known;
    const fresh = { day, bytes: 0 };
    days.set(sensor, fresh);
    return fresh;
  }
}

function later({ eventId }: ArtifactSighting, why: string, waitSeconds = laterSeconds): Unkept {
  return { eventId, why, state: null, waitSeconds };
}
