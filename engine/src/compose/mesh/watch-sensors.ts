import { randomUUID } from 'node:crypto';
import { sourceOfSensor } from '@cerberusmesh/contract/mesh';
import type { Notice } from '@cerberusmesh/contract/notice';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { plainText } from '../../kit/plain-text.ts';
import type { WatchedSource } from '../../serve/health.ts';
import type { MeshSensors, WatchedSensor } from '../../store/mesh-sensors.ts';
import { findTrouble, type Trouble } from './sensor-trouble.ts';

export interface WatchParts {
  readonly sensors: Pick<MeshSensors, 'listWatched' | 'setAlert'>;
  readonly bounds: { readonly silentSeconds: number; readonly quietHours: number };
  /** Told once when something goes wrong with a sensor, and once when it is well again. */
  readonly tell: (notice: Notice) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const lookEveryMs = 10_000;

/** Sees how the sensors of the mesh are, and has people told when that changes. */
export function createSensorWatch({ sensors, bounds, tell, clock, log }: WatchParts) {
  let seen: readonly { readonly sensor: WatchedSensor; readonly trouble: Trouble | undefined }[] = [];

  return {
    watched: (): WatchedSource[] => seen.map(({ sensor, trouble }) => toSource(sensor, trouble)),
    look,
    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await look().catch((error: unknown) => log.warn({ err: error }, 'Sensors could not be looked after.'));
        await clock.sleep(lookEveryMs, signal);
      }
    },
  };

  async function look(): Promise<void> {
    const now = clock.now();
    const all = await sensors.listWatched();
    seen = all.map((sensor) => ({ sensor, trouble: findTrouble(sensor, now, bounds) }));
    for (const { sensor, trouble } of seen) await follow(sensor, trouble, now);
  }

  async function follow({ sensor, alert }: WatchedSensor, trouble: Trouble | undefined, now: Date): Promise<void> {
    const kind = trouble?.kind ?? null;
    // The row decides who tells, so that two hubs on one database do not both.
    if (alert === kind || !(await sensors.setAlert(sensor, alert, kind, now))) return;
    const sentence = trouble?.sentence ?? `The sensor "${sensor}" is well again.`;
    log[trouble ? 'warn' : 'info']({ sensor, trouble: kind }, sentence);
    await tell(noticeOf(sensor, kind, sentence, now));
  }
}

function noticeOf(sensor: string, kind: string | null, sentence: string, now: Date): Notice {
  return {
    id: randomUUID(),
    at: now.toISOString(),
    group: `sensor:${sensor}:${kind ?? 'well'}`,
    severity: kind === null ? 'LOW' : 'MEDIUM',
    subject: kind === null ? `Sensor ${sensor} is well again` : `Sensor ${sensor}: ${kind}`,
    why: plainText(sentence).slice(0, 1000),
    where: { sensor, session: null, address: null },
    evidence: [],
    links: [],
  };
}

function toSource({ sensor, heartbeat, lastStoredAt }: WatchedSensor, trouble: Trouble | undefined): WatchedSource {
  return {
    sourceId: sourceOfSensor(sensor),
    sensor,
    kind: 'sensor',
    active: trouble?.kind !== 'silent' && trouble?.kind !== 'log',
    lagBytes: heartbeat === null ? null : heartbeat.spool.bytes + heartbeat.log.unreadBytes,
    lastEventAt: lastStoredAt,
    ...(trouble === undefined ? {} : { problem: trouble.sentence }),
  };
}
