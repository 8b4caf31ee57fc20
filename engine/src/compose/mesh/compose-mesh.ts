import { hasMarkForm, isProbeMark } from '../../act/cowrie/probe-mark.ts';
import type { ActSensor } from '../../act/insert-trap/cowrie-place.ts';
import { type AskSensor, createOrderBook, type OrderBook } from '../../act/remote/order-book.ts';
import { createRemoteProbe, openRemoteCowrie } from '../../act/remote/remote-cowrie.ts';
import type { Config } from '../../config.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { BatchReport, Pipeline } from '../../pipeline.ts';
import type { WatchedSource } from '../../serve/health.ts';
import { createMeshServer } from '../../serve/mesh/mesh-server.ts';
import type { SensorDesk } from '../../serve/routes/sensors.ts';
import type { Database } from '../../store/database.ts';
import { createMeshSensors } from '../../store/mesh-sensors.ts';
import type { ToldPeople } from '../tell-people.ts';
import { openHubIdentity } from './hub-identity.ts';
import { probeKeyOf } from './probe-key.ts';
import { createReceiveShipped } from './receive-shipped.ts';
import { createSensorWatch } from './watch-sensors.ts';

export interface MeshParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly tell: ToldPeople['queue'];
  /** Told when a sensor is there (again): what was begun on it can go on. */
  readonly connected: (sensor: string) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;
}

export interface Mesh {
  /** Cowries beside sensors that are enrolled; undefined for any other name. */
  findSensor(sensor: string): ActSensor | undefined;
  /** Whether a client version is the mark of our own probe on this sensor. */
  isProbeMark(sensor: string, version: string): boolean;
  watched(): readonly WatchedSource[];
  /** Has a sensor do one step. */
  readonly ask: AskSensor;
  readonly desk: SensorDesk;
  /** Begins to take sensors in, where a hub is configured. @returns its address and fingerprint; null where there is none. */
  listen(pipeline: Pick<Pipeline, 'onLines'>, onStored: (report: BatchReport) => void): Promise<Hub | null>;
  /** Looks after the sensors until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface Hub {
  readonly url: string;
  readonly fingerprint: string;
}

/** A poll is held back for so long; a proxy between must not find the line idle for a minute. */
const holdMs = 20_000;

/** Sensors on other machines: who they are, what they ship, what they are to do, how they are. */
export function composeMesh(parts: MeshParts): Mesh {
  const { config, database, installKey, clock, log } = parts;
  const { hubHost, hubPort, silentSeconds, quietHours } = config.mesh;
  const sensors = createMeshSensors(database);
  const book: OrderBook = createOrderBook(clock, parts.connected);
  const watch = createSensorWatch({
    ...{ sensors, clock, log, tell: parts.tell, bounds: { silentSeconds, quietHours } },
  });
  /** Of sensors that were here since the start. */
  const names = new Set<string>();
  let server: Awaited<ReturnType<typeof createMeshServer>> | undefined;

  return {
    findSensor: (sensor) => (names.has(sensor) ? remoteSensor(sensor) : undefined),
    isProbeMark: (sensor, version) => hasMarkForm(version) && isProbeMark(probeKeyOf(installKey, sensor), version),
    ask: book.ask,
    desk: {
      async invite(sensor, actor) {
        const token = await sensors.invite(sensor, actor, clock.now());
        return { sensor, token, fingerprint: (await openHubIdentity(config.state.dir, clock.now())).fingerprint };
      },
      revoke: (sensor, actor) => sensors.revoke(sensor, actor, clock.now()),
    },
    watched: () => (hubPort === null ? [] : watch.watched()),
    async listen(pipeline, onStored) {
      if (hubPort === null) return null;
      const identity = await openHubIdentity(config.state.dir, clock.now());
      server = await createMeshServer({
        identity: identity.pem,
        verify: sensors.verify,
        enrol: ({ invitation, secret }) => sensors.enrol(invitation, secret, clock.now()),
        receive: createReceiveShipped({ database, pipeline, onStored, clock }),
        orders: {
          now: () => clock.now(),
          async poll(sensor, heartbeat, from, signal) {
            await sensors.beat(sensor, heartbeat, from, clock.now());
            names.add(sensor);
            return await book.take(sensor, holdMs, signal);
          },
          report: book.report,
        },
        log,
      });
      await watch.look();
      const url = await server.listen({ host: hubHost, port: hubPort });
      return { url, fingerprint: identity.fingerprint };
    },
    run: async (signal) => (hubPort === null ? undefined : await watch.run(signal)),
    async close() {
      await server?.close();
    },
  };

  function remoteSensor(sensor: string): ActSensor {
    return {
      sensor,
      cowrieDir: '',
      host: '',
      port: 0,
      remote: {
        open: () => openRemoteCowrie(book.ask, sensor),
        probe: createRemoteProbe(book.ask, sensor, probeKeyOf(installKey, sensor)),
      },
    };
  }
}
