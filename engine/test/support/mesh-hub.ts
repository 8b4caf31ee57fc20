import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOrderBook, type OrderBook } from '../../src/act/remote/order-book.ts';
import { startSession } from '../../src/assess/assess.ts';
import { composePipeline } from '../../src/compose/compose-pipeline.ts';
import { openHubIdentity } from '../../src/compose/mesh/hub-identity.ts';
import { createReceiveShipped } from '../../src/compose/mesh/receive-shipped.ts';
import { systemClock } from '../../src/kit/clock.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import { createMeshServer } from '../../src/serve/mesh/mesh-server.ts';
import { createMeshSensors, type MeshSensors } from '../../src/store/mesh-sensors.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { freePort } from './free-port.ts';

export interface TestHub {
  readonly url: string;
  readonly fingerprint: string;
  readonly database: TestDatabase;
  readonly sensors: MeshSensors;
  readonly book: OrderBook;
  readonly onLines: Pipeline['onLines'];
  /** Away, and back at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The hub's own server on a real database, without the rest of an engine. */
export async function startTestHub(): Promise<TestHub> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-hub-'));
  const database = await createTestDatabase();
  const sensors = createMeshSensors(database);
  const book = createOrderBook(systemClock);
  const identity = await openHubIdentity(dir, new Date());
  const pipeline = composePipeline({
    ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
    assess: (_event, session) => ({ assessment: null, session }),
    assessFailed: (_event, error) => {
      throw error;
    },
  });
  const receive = createReceiveShipped({ database, pipeline, onStored: () => undefined, clock: systemClock });
  const port = await freePort();
  let server: Awaited<ReturnType<typeof createMeshServer>> | undefined;
  await start();

  return {
    url: `https://127.0.0.1:${port}`,
    fingerprint: identity.fingerprint,
    ...{ database, sensors, book, start, stop, onLines: pipeline.onLines },
    async close() {
      await stop();
      await database.drop();
      await rm(dir, { recursive: true });
    },
  };

  async function start(): Promise<void> {
    server = await createMeshServer({
      identity: identity.pem,
      verify: sensors.verify,
      enrol: ({ invitation, secret }) => sensors.enrol(invitation, secret, new Date()),
      receive,
      orders: {
        now: () => new Date(),
        async poll(sensor, heartbeat, from, signal) {
          await sensors.beat(sensor, heartbeat, from, new Date());
          return await book.take(sensor, 200, signal);
        },
        report: book.report,
      },
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    });
    await server.listen({ host: '127.0.0.1', port });
  }

  async function stop(): Promise<void> {
    server?.server.closeAllConnections();
    await server?.close();
    server = undefined;
  }
}
