import { hash } from 'node:crypto';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { Policy } from '@cerberusmesh/contract/policy';
import type { Settings } from '@cerberusmesh/contract/settings';
import { decide, type Guards, type Verdict } from '../decide/decide.ts';
import type { Clock } from '../kit/clock.ts';

/** Decisions that were made are remembered, so that a session that goes on does not ask the database about each again. */
const rememberedMax = 50_000;
/** A live event is seconds old; after an outage of the engine its log may be minutes old, and the visitor still there. */
const eventAgeMaxSeconds = 900;

export interface Decider {
  decide(changes: readonly SessionChange[]): Decision[];
  /** Told when a batch's decisions are durable: from then on they count for the cooldown. */
  made(decisions: readonly Decision[]): void;
}

/** Gives the pure `decide` what it may not have itself: the time, the settings of the moment and what was done before. */
export function createDecider(options: {
  readonly policy: Policy;
  readonly settings: () => Settings;
  readonly lastAdaptedAt: ReadonlyMap<string, Date>;
  /** The sensor of recordings, about which only a word is said. */
  readonly recordedSensor: string;
  readonly clock: Pick<Clock, 'now'>;
}): Decider {
  const { policy, settings, clock } = options;
  const lastAdaptedAt = new Map(options.lastAdaptedAt);
  const known = new Set<string>();

  return {
    decide(changes) {
      const now = clock.now();
      // Within a batch an adaptation starts the cooldown too; it is forgotten where the batch is not stored.
      const justAdapted = new Map<string, Date>();
      return changes.flatMap((change) => {
        const at = justAdapted.get(change.event.sensor) ?? lastAdaptedAt.get(change.event.sensor);
        const fresh = verdictsOn(change, at, now).filter((decision) => !known.has(decision.id));
        if (fresh.some((decision) => decision.adaptations.length > 0)) justAdapted.set(change.event.sensor, now);
        return fresh;
      });
    },
    made(decisions) {
      for (const decision of decisions) {
        known.add(decision.id);
        if (decision.adaptations.length > 0) lastAdaptedAt.set(decision.sensor, new Date(decision.decidedAt));
      }
      for (const id of known) {
        if (known.size <= rememberedMax) break;
        known.delete(id);
      }
    },
  };

  function verdictsOn({ event, assessment, session }: SessionChange, at: Date | undefined, now: Date): Decision[] {
    if (event.sessionId === null) return [];
    const situation = {
      sensor: event.sensor,
      sessionId: event.sessionId,
      sourceIp: event.sourceIp,
      eventId: event.id,
      eventEpochMs: event.epochMs,
      assessment,
      session,
    };
    const isRecording = event.sensor === options.recordedSensor;
    const guards: Guards = { ...guardsOf(settings()), isRecording, ...(at === undefined ? {} : { lastAdaptedAt: at }) };
    return decide(situation, policy, guards, now).map((verdict) => ({ id: idOf(verdict), ...verdict }));
  }
}

function guardsOf(settings: Settings): Omit<Guards, 'isRecording'> {
  return {
    autoAdaptation: settings.ENABLE_AUTO_ADAPTATION,
    autoAction: settings.CERBERUS_AUTO_ACTION,
    threatScoreMin: settings.HIGH_SEVERITY_THRESHOLD,
    confidenceMin: settings.CERBERUS_THRESHOLD,
    cooldownSeconds: settings.ADAPTATION_COOLDOWN_SECONDS,
    eventAgeMaxSeconds,
  };
}

/** One decision per session, rule and outcome: the same one made again, after a crash or in the next batch, has the same id. */
function idOf({ sensor, sessionId, rule, decision, adaptations }: Verdict): string {
  const hex = hash('sha256', [sensor, sessionId, rule, decision, ...adaptations].join('\0'));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
