import type { AnalystState } from '@cerberusmesh/contract/analysis';
import type { HealthReport } from '@cerberusmesh/contract/api-health';
import type { Clock } from '../kit/clock.ts';

/** A source that this process reads, as the reader sees it now. */
export interface WatchedSource {
  readonly sourceId: string;
  readonly sensor: string | null;
  readonly kind: string;
  /** False while it waits for its file, or cannot read it. */
  readonly active: boolean;
  /** It was never there and nobody named it: no fault, but read as soon as it is. */
  readonly isWaiting?: boolean;
  /** What is there beyond the stored position; null while that cannot be known. */
  readonly lagBytes: number | null;
  readonly lastEventAt: Date | null;
  /** Names path, need and fix, so it is for those with a token. */
  readonly problem?: string;
}

export interface HealthParts {
  readonly ping: () => Promise<void>;
  readonly sources: () => readonly WatchedSource[];
  /** `off` where there is none. */
  readonly analyst?: () => AnalystState;
  readonly clock: Clock;
  readonly startedAt: Date;
  readonly version: string;
}

/** Longer than a healthy answer ever takes, short enough for a supervisor that waits. */
const pingTimeoutMs = 1500;
/** A check that is open to everybody must not become work for the database. */
const reportAgeMaxMs = 1000;

/**
 * `unhealthy` where nothing can be stored, `degraded` where a source that is meant to be there is not being read, or none
 * is at all. Asked often, it answers from the last second's report.
 */
export function createHealthCheck({
  ping,
  sources,
  analyst = () => 'off',
  clock,
  startedAt,
  version,
}: HealthParts): () => Promise<HealthReport> {
  let last: { readonly atMs: number; readonly report: Promise<HealthReport> } | null = null;

  return async function health() {
    const atMs = clock.now().getTime();
    if (last === null || atMs - last.atMs >= reportAgeMaxMs) last = { atMs, report: report() };
    return await last.report;
  };

  async function report(): Promise<HealthReport> {
    const isConnected = await answersInTime(ping, clock);
    const now = clock.now();
    const watched = sources();
    const isWatching = watched.some((source) => source.active);
    const isWhole =
      watched.every((source) => source.active || source.isWaiting) && (isWatching || watched.length === 0);
    return {
      status: !isConnected ? 'unhealthy' : isWhole ? 'healthy' : 'degraded',
      timestamp: now.toISOString(),
      database: isConnected ? 'connected' : 'disconnected',
      logWatcher: isWatching ? 'active' : 'inactive',
      sources: watched.map((source) => ({
        sensor: source.sensor,
        kind: source.kind,
        active: source.active,
        waiting: source.isWaiting ?? false,
        lagBytes: source.lagBytes,
        lastEventAgeSeconds: source.lastEventAt === null ? null : secondsBetween(source.lastEventAt, now),
      })),
      analyst: analyst(),
      version,
      uptimeSeconds: secondsBetween(startedAt, now),
    };
  }
}

async function answersInTime(ping: () => Promise<void>, clock: Clock): Promise<boolean> {
  const timeout = new AbortController();
  const answered = ping().then(
    () => true,
    () => false,
  );
  const late = clock.sleep(pingTimeoutMs, timeout.signal).then(() => false);
  const isConnected = await Promise.race([answered, late]);
  timeout.abort();
  return isConnected;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}
