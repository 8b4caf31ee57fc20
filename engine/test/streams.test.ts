import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSocketLog, type ListenOptions } from '../src/collect/listen/socketlog.ts';
import { createRedisChannel } from '../src/collect/redis/redis-channel.ts';
import { createRedisList } from '../src/collect/redis/redis-list.ts';
import type { Source } from '../src/collect/source.ts';
import { createSyslog } from '../src/collect/syslog/syslog.ts';
import { systemClock } from '../src/kit/clock.ts';
import { startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { readLedger, startFollowing } from './support/followed-source.ts';
import { freePort } from './support/free-port.ts';
import { type RealRedis, startRedis } from './support/redis.ts';

let database: TestDatabase;
let redis: RealRedis;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  redis = await startRedis();
}, 60_000);
afterAll(async () => await redis.stop());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await database.drop();
});

describe('a list of Redis', () => {
  it.each(['lpush', 'rpush'] as const)('by %s is stored in its order, and leaves nothing behind', async (method) => {
    const client = openClient();
    await client[method](method, ...linesOf(method, 500));
    const follower = follow(identityOf('redis list'), (signal) => aList(method, signal, method));
    await expect.poll(() => countEvents(method), { timeout: 20_000 }).toBe(500);
    await client[method](method, ...linesOf(`${method} later`, 3));
    await expect.poll(() => countEvents(`${method} later`), { timeout: 20_000 }).toBe(3);
    await follower.stop();
    expect(await client.keys(`${method}*`)).toEqual([]);
    expect(await readLedger(database, 'redis list')).toEqual({ stored: 503, duplicate: 0, parked: 0, balanced: true });
    const { rows } = await database.pool.query(
      'select bool_and(command = $1 || n) as ordered from (select command, row_number() over (order by id) - 1 as n from events where session_id = $2) e',
      ['echo ', method],
    );
    expect(rows).toEqual([{ ordered: true }]);
  });

  it('that was taken by somebody who died is stored first, each line once', async () => {
    const client = openClient();
    const lines = linesOf('died', 40);
    // As a reader leaves it that was killed: 30 taken, of which 20 were stored.
    await client.rpush('died:taken:me', ...lines.slice(0, 30));
    await client.lpush('died', ...lines.slice(30));
    const before = follow(identityOf('before'), (signal) => aList('before', signal, 'rpush'));
    await client.rpush('before', ...lines.slice(0, 20));
    await expect.poll(() => countEvents('died'), { timeout: 20_000 }).toBe(20);
    await before.stop();
    const follower = follow(identityOf('redis list'), (signal) => aList('died', signal));
    await expect.poll(() => countEvents('died'), { timeout: 20_000 }).toBe(40);
    await follower.stop();
    expect(await readLedger(database, 'redis list')).toEqual({ stored: 20, duplicate: 20, parked: 0, balanced: true });
    expect(await client.keys('died*')).toEqual([]);
  });

  it('that two engines of one installation take from at once is stored whole, each line once', async () => {
    const client = openClient();
    const followers = ['one', 'other'].map((id) => follow(identityOf(id), (signal) => aList('shared', signal)));
    for (let at = 0; at < 2000; at += 100) await client.lpush('shared', ...linesOf('shared', 2000).slice(at, at + 100));
    await expect.poll(() => countEvents('shared'), { timeout: 20_000 }).toBe(2000);
    for (const follower of followers) await follower.stop();
    expect(await client.keys('shared*')).toEqual([]);
    const ledgers = await Promise.all(['one', 'other'].map((id) => readLedger(database, id)));
    expect(ledgers.reduce((sum, { stored }) => sum + stored, 0)).toBe(2000);
  });

  it('is read on when Redis was killed and is back; until then it says so', async () => {
    const follower = follow(identityOf('redis list'), (signal) => aList('away', signal));
    await expect.poll(follower.state).toMatchObject({ active: true });
    await redis.kill();
    await expect.poll(follower.state).toMatchObject({ active: false, problem: expect.stringContaining('away') });
    await redis.start();
    const client = openClient();
    await client.lpush('away', ...linesOf('away', 5));
    await expect.poll(() => countEvents('away'), { timeout: 20_000 }).toBe(5);
    expect(follower.state()).toEqual({ active: true, unreadBytes: null });
  });

  it('holds what is no event: parked, at the cost of no other', async () => {
    await openClient().lpush('odd', 'no json', ...linesOf('odd', 2));
    const follower = follow(identityOf('redis list'), (signal) => aList('odd', signal));
    await expect
      .poll(() => readLedger(database, 'redis list'), { timeout: 20_000 })
      .toMatchObject({ stored: 2, parked: 1 });
    await follower.stop();
  });
});

it('a channel of Redis is heard while it is listened to', async () => {
  const client = openClient();
  const url = redis.url;
  const follower = follow(identityOf('channel'), (signal) =>
    createRedisChannel({ sourceId: 'channel', url, key: 'cowrie', clock: systemClock, signal }),
  );
  await expect.poll(follower.state).toMatchObject({ active: true });
  for (const line of linesOf('said', 3)) expect(await client.publish('cowrie', line)).toBe(1);
  await expect.poll(() => countEvents('said'), { timeout: 20_000 }).toBe(3);
});

describe('a socket', () => {
  it.each([
    ['socketlog', createSocketLog],
    ['syslog', createSyslog],
  ] as const)(
    'of %s stores lines of any cut, parks half a line, and all of it before it ends',
    async (kind, create) => {
      const { port, follower } = await listen(kind, create);
      const socket = connect(port, '127.0.0.1');
      const [first = '', second = ''] = linesOf(kind, 2);
      const bytes = Buffer.from(`${first}\n${second}\n{"half":`);
      for (let at = 0; at < bytes.length; at += 100) socket.write(bytes.subarray(at, at + 100));
      socket.end();
      await once(socket, 'close');
      await expect.poll(() => readLedger(database, kind), { timeout: 20_000 }).toMatchObject({ stored: 2, parked: 1 });
      await follower.stop();
      expect(await readLedger(database, kind)).toMatchObject({ balanced: true });
    },
  );

  it('that cannot be had yet is told, and is had when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const clock = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(20, signal) };
    const follower = follow(identityOf('socketlog'), (signal) =>
      createSocketLog({ sourceId: 'socketlog', address: { host: '127.0.0.1', port }, from: [], clock, signal }),
    );
    await expect.poll(follower.state).toMatchObject({ active: false, problem: expect.stringContaining('EADDRINUSE') });
    other.close();
    await expect.poll(follower.state).toMatchObject({ active: true });
  });

  it('of syslog takes datagrams', async () => {
    const { port } = await listen('syslog', createSyslog);
    const sender = createSocket('udp4');
    await new Promise((sent) => sender.send('<13>Nov 22 10:00:00 gate sshd[7]: hello', port, '127.0.0.1', sent));
    await expect.poll(() => readLedger(database, 'syslog'), { timeout: 20_000 }).toMatchObject({ stored: 1 });
    sender.close();
    const { rows } = await database.pool.query(
      `select event_type, sensor, raw_event->>'message' as message from events`,
    );
    expect(rows).toEqual([{ event_type: 'syslog.message', sensor: 'syslog gate', message: 'hello' }]);
  });
});

describe('one visit of a real Cowrie', () => {
  it('comes the same by Redis, socketlog and syslog line for line as in its log', async () => {
    const socketlog = await listen('socketlog', createSocketLog);
    const syslog = await listen('syslog', createSyslog);
    follow(identityOf('redis list'), (signal) => aList('cowrie', signal));
    const outputs: Record<string, Record<string, string>> = {
      output_redis: { enabled: 'true', host: '127.0.0.1', port: String(redis.port), keyname: 'cowrie' },
      output_socketlog: { enabled: 'true', address: `127.0.0.1:${socketlog.port}`, timeout: '5' },
      output_remotesyslog: { enabled: 'true', host: '127.0.0.1', port: String(syslog.port), protocol: 'udp' },
    };
    const settings = Object.entries(outputs).flatMap(([section, values]) =>
      Object.entries(values).map(([key, value]) => ({ section, key, value })),
    );
    const cowrie = await startCowrie({ settings });
    ends.push(() => cowrie.stop());
    const shell = await cowrie.login();
    await shell.type(`echo "it's a \\"test\\"" ; uname -a`);
    shell.close();
    const readLog = async () => (await readFile(cowrie.logPath, 'utf8')).trimEnd().split('\n');
    await expect.poll(async () => (await readLog()).join(), { timeout: 20_000 }).toContain('cowrie.session.closed');
    const log = await readLog();
    for (const id of ['redis list', 'socketlog', 'syslog']) {
      const read = async () => {
        const ledger = await readLedger(database, id);
        return { lines: ledger.stored + ledger.duplicate, parked: ledger.parked, balanced: ledger.balanced };
      };
      await expect.poll(read, { timeout: 20_000 }).toEqual({ lines: log.length, parked: 0, balanced: true });
    }
    // By Redis and by socketlog Cowrie sends the same text: that is one event.
    const { rows } = await database.pool.query(
      `select count(*) as n, min(command) as command, count(distinct session_id) as sessions from events
        where event_type = 'cowrie.command.input'`,
    );
    expect(rows).toEqual([{ n: 2, command: `echo "it's a \\"test\\"" ; uname -a`, sessions: 1 }]);
  }, 120_000);
});

function aList(key: string, signal: AbortSignal, method: 'lpush' | 'rpush' = 'lpush'): Source {
  const { url } = redis;
  return createRedisList({ sourceId: 'redis list', url, key, method, reader: 'me', clock: systemClock, signal });
}

function follow(identity: SourceIdentity, open: (signal: AbortSignal) => Source) {
  const stop = new AbortController();
  const source = open(stop.signal);
  const following = startFollowing({ database, identity, source, stop });
  ends.push(following.stop);
  return { ...following, state: source.state };
}

async function listen(kind: string, create: (options: ListenOptions) => Source) {
  const address = { host: '127.0.0.1', port: await freePort() };
  const listening = Promise.withResolvers<number>();
  const follower = follow(identityOf(kind), (signal) =>
    create({ sourceId: kind, address, from: [], clock: systemClock, signal, onListening: listening.resolve }),
  );
  return { port: await listening.promise, follower };
}

function identityOf(sourceId: string): SourceIdentity {
  return { sourceId, kind: sourceId, place: 'test' };
}

function openClient(): Redis {
  const client = new Redis(redis.url);
  ends.push(() => client.disconnect());
  return client;
}

function linesOf(session: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const timestamp = new Date(Date.UTC(2026, 10, 22, 10) + at).toISOString();
    const event = { eventid: 'cowrie.command.input', input: `echo ${at}`, src_ip: '192.0.2.1' };
    return JSON.stringify({ ...event, timestamp, session, sensor: 'far' });
  });
}

async function countEvents(session: string): Promise<number> {
  return (await database.pool.query('select count(*) as n from events where session_id = $1', [session])).rows[0].n;
}
