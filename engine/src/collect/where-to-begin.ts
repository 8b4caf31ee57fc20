import { type Milestone, startOfLive } from './log-route.ts';
import { parseTailPosition, type TailPosition } from './tail-position.ts';
import type { TailTelemetry } from './tail-telemetry.ts';

/** Content that was left without having been finished. */
export interface LeftContent {
  readonly kind: 'restart' | 'truncated';
  readonly file: string;
}

export interface Beginning {
  readonly milestone: Milestone;
  readonly lost: LeftContent | undefined;
  /** To be stored without lines: it says that a log that was never read is followed now. */
  readonly position?: TailPosition;
}

/** After which content a log is read on, by the position that was stored last. */
export async function whereToBegin(path: string, position: unknown, telemetry: TailTelemetry): Promise<Beginning> {
  const stored = parseTailPosition(position);
  if (stored.kind === 'unusable') telemetry.positionUnusable({ path, why: stored.why });
  if (stored.kind === 'at') {
    const { content, modifiedMs, file } = stored.position;
    const milestone = { finished: false, content, fileId: undefined, modifiedMs };
    return { milestone, lost: { kind: 'restart', file } };
  }
  if (stored.kind === 'begun') {
    const milestone = { finished: true, content: undefined, fileId: undefined, modifiedMs: stored.unreadSinceMs };
    return { milestone, lost: undefined };
  }
  const milestone = await startOfLive(path);
  const unreadSinceMs = milestone.fileId === undefined ? 0 : milestone.modifiedMs + 1;
  return { milestone, lost: undefined, position: { version: 1, unreadSinceMs } };
}
