import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { createProbeMark } from '../act/cowrie/probe-mark.ts';
import { acceptedCredentials } from '../act/cowrie/user-db.ts';
import type { RunningDecoy } from '../act/decoys/decoy-process.ts';
import type { Place } from '../act/detectability/greeting.ts';
import { measureDetectability } from '../act/detectability/measure.ts';
import type { OwnVisits } from '../act/detectability/own-visits.ts';
import type { Credentials } from '../act/detectability/visit.ts';
import type { ActSensor } from '../act/insert-trap/cowrie-place.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { DetectabilityDesk } from '../serve/routes/detectability.ts';
import type { Database } from '../store/database.ts';
import { createDetectabilityStore } from '../store/detectability.ts';
import { queueJobs } from '../store/jobs.ts';
import { decoySensor } from './decoy-sensor.ts';
import type { JobHandler } from './run-jobs.ts';

export interface DetectabilityParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly clock: Clock;
  readonly decoy: () => RunningDecoy | undefined;
  readonly findLaunched: (sensor: string) => ActSensor | undefined;
  readonly ownVisits: Pick<OwnVisits, 'note'>;
  readonly sensorOf: (adaptationId: string) => Promise<string | null>;
}

const visitMs = 120_000;
/** After an adaptation: Cowrie may be starting again. */
const settleSeconds = 15;
const Payload = z.object({ sensor: z.string() });

/** Tests what gives our honeypots away: when asked, and after each adaptation. */
export function composeDetectability({ config, database, installKey, clock, ...parts }: DetectabilityParts): {
  readonly desk: DetectabilityDesk;
  readonly handle: JobHandler;
  /** Queues a test of the sensor that an adaptation changed. */
  readonly afterAdaptation: (adaptationId: string) => Promise<void>;
} {
  const store = createDetectabilityStore(database.pool);
  return {
    desk: { list: store.list, measure: (sensor) => measure(sensor, AbortSignal.timeout(visitMs)) },
    async handle(payload, signal) {
      const { sensor } = Payload.parse(payload);
      await measure(sensor, AbortSignal.any([signal, AbortSignal.timeout(visitMs)]));
    },
    async afterAdaptation(adaptationId) {
      const sensor = await parts.sensorOf(adaptationId);
      if (sensor === null || placeOf(sensor) === undefined) return;
      const key = `detect ${adaptationId}`;
      await queueJobs(database.pool, [{ kind: 'detect', key, payload: { sensor }, afterSeconds: settleSeconds }]);
    },
  };

  async function measure(sensor: string, signal: AbortSignal) {
    const place = placeOf(sensor);
    if (!place) throw new CerberusError('NOT_FOUND', `There is no sensor "${sensor}" that can be visited from here.`);
    const report = await measureDetectability({
      ...{ place, sensor, credentials: await credentialsOf(sensor), ident: createProbeMark(installKey) },
      onVisit: parts.ownVisits.note,
      others: await store.marksOfOthers(sensor),
      now: () => clock.now(),
      signal,
    }).catch((error: unknown) => {
      throw new CerberusError('PROBE_FAILED', error instanceof Error ? error.message : String(error), error);
    });
    await store.insert(sensor, report);
    return report;
  }

  /** Only what we brought up or were told of: no address comes from outside. */
  function placeOf(sensor: string): Place | undefined {
    if (sensor === decoySensor) {
      const port = parts.decoy()?.ports.ssh ?? null;
      return port === null ? undefined : { host: loopbackOf(config.decoy.host), port };
    }
    const launched = parts.findLaunched(sensor);
    if (launched) return { host: launched.host, port: launched.port };
    const { dir, host, port } = config.cowrie;
    return dir === null ? undefined : { host, port };
  }

  async function credentialsOf(sensor: string): Promise<Credentials> {
    const dir = parts.findLaunched(sensor)?.cowrieDir ?? (sensor === decoySensor ? null : config.cowrie.dir);
    return dir === null ? { username: 'root', password: 'hunter2' } : await acceptedCredentials(dir);
  }
}

/** What listens everywhere is visited from here. */
function loopbackOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}
