import { createHash } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { quickHashOf } from '@cerberusmesh/contract/touch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { createLureIndex } from '../src/assess/touches/lure-index.ts';
import { createTrip } from '../src/assess/touches/trip.ts';
import { createFollowGroups } from '../src/collect/cloudwatch/follow-groups.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { followSource } from '../src/compose/follow-source.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createTestClock } from '../src/serve/support/test-clock.ts';
import { findPosition } from '../src/store/sources.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { startRefusingAws } from './support/refusing-aws.ts';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
const identity = { sourceId: 'cloudwatch test', kind: 'cloudwatch', place: 'test' };
const plantedKey = 'AKIAQ3EXAMPLE7XYZ234';
const now = new Date();

describe('log groups at AWS', () => {
  let moto: Moto;
  let database: TestDatabase;
  let client: CloudWatchLogsClient;
  beforeAll(async () => {
    [moto, database] = await Promise.all([startMoto(), createTestDatabase()]);
    await database.pool.query('insert into lures (id, kind, path, secret_hash) values ($1, $2, $3, $4)', [
      ...[lure.id, lure.kind, lure.path, Buffer.from(lure.secretHash, 'hex')],
    ]);
    client = new CloudWatchLogsClient({ ...access, endpoint: moto.url });
    for (const logGroupName of ['/cowrie', 'trail']) {
      await client.send(new CreateLogGroupCommand({ logGroupName }));
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    }
  }, 120_000);
  afterAll(async () => {
    client.destroy();
    await database.drop();
    await moto.stop();
  });

  it('are read page by page, each event once, also what is shown late and after a restart', async () => {
    await put(
      '/cowrie',
      Array.from({ length: 1500 }, (_, at) => [now.getTime() - 60_000 + at, cowrieLine(at)]),
    );
    const first = follow(['/cowrie']);
    await expect.poll(() => count(`event_type = 'cowrie.command.input'`), { timeout: 30_000 }).toBe(1500);
    // Late: older than everything that was read.
    await put('/cowrie', [[now.getTime() - 61_000, cowrieLine(2000)]]);
    first.clock.advance(10_000);
    await expect.poll(() => count(`event_type = 'cowrie.command.input'`), { timeout: 30_000 }).toBe(1501);
    await first.stop();
    expect(await ledger()).toEqual({ stored: 1501, duplicate: 0, balanced: true });

    await put('/cowrie', [[now.getTime() - 500, 'a line that is no JSON']]);
    const second = follow(['/cowrie'], await findPosition(database.pool, identity.sourceId));
    await expect.poll(() => count(`event_type = 'cloudwatch.log'`), { timeout: 30_000 }).toBe(1);
    await second.stop();
    // What lies in the overlap was looked at again, and stored nothing.
    expect(await ledger()).toEqual({ stored: 1502, duplicate: 1501, balanced: true });
  }, 60_000);

  it('of CloudTrail tell of the use of a planted key: a touch, from an address, whatever the call', async () => {
    await put('trail', [
      [now.getTime() - 3000, trailRecord('AKIASOMEBODYELSE0000', '198.51.100.1')],
      [now.getTime() - 2000, trailRecord(plantedKey, '203.0.113.9')],
    ]);
    const reader = follow(['trail']);
    await expect.poll(() => count(`event_type = 'aws.cloudtrail'`), { timeout: 30_000 }).toBe(2);
    await reader.stop();
    const { rows } = await database.pool.query(
      `select severity, attack_type, source_ip, why from events where event_type = 'aws.cloudtrail' order by source_ip`,
    );
    expect(rows).toMatchObject([
      { severity: 'UNKNOWN', source_ip: '198.51.100.1' },
      {
        ...{ severity: 'HIGH', attack_type: 'lure_touched', source_ip: '203.0.113.9' },
        why: expect.stringContaining('a lure was used as a key: the aws access key of /root/.aws/credentials'),
      },
    ]);
    const touches = await database.pool.query('select place, source_ip from touches');
    expect(touches.rows).toEqual([{ place: 'key', source_ip: '203.0.113.9' }]);
  }, 60_000);

  it('that cannot be read are told with what to do, cost the others nothing, and are asked again later and later', async () => {
    const reader = follow(['no such group', '/cowrie']);
    await expect.poll(() => reader.state().problem, { timeout: 30_000 }).toMatch(/no such group.*logs:FilterLogEvents/);
    expect(reader.state().active).toBe(true);
    await reader.stop();
  }, 60_000);

  it('that AWS throttles are told of, and read on where they were, each event once', async () => {
    await client.send(new CreateLogGroupCommand({ logGroupName: 'busy' }));
    await client.send(new CreateLogStreamCommand({ logGroupName: 'busy', logStreamName: 's' }));
    await put(
      'busy',
      [3, 2, 1].map((at): [number, string] => [now.getTime() - 1000 * at, `busy ${at}`]),
    );
    const aws = await startRefusingAws(moto.url);
    // As often as the client tries by itself.
    aws.throttle(5);
    const reader = follow(['busy'], undefined, aws.url);
    try {
      await expect.poll(() => reader.state().problem, { timeout: 40_000 }).toMatch(/The log group busy cannot be read/);
      const readAgain = async () => {
        reader.clock.advance(10_000);
        return [await count(`sensor = 'cloudwatch busy'`), reader.state().problem];
      };
      await expect.poll(readAgain, { timeout: 40_000, interval: 500 }).toEqual([3, undefined]);
    } finally {
      await reader.stop();
      await aws.close();
    }
  }, 120_000);

  function follow(groups: readonly string[], position: unknown = undefined, endpoint: string = moto.url) {
    const stop = new AbortController();
    const clock = createTestClock(now);
    const settings = { filter: null, pollSeconds: 10, overlapSeconds: 300, endpoint, clock };
    const source = createFollowGroups({ ...access, ...identity, ...settings, groups, position, signal: stop.signal });
    const index = createLureIndex();
    index.add([lure]);
    const pipeline = composePipeline({
      ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
      assess: (_event, session) => ({ assessment: null, session }),
      trip: createTrip(index),
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const log = { info: () => undefined, warn: () => undefined };
    const onStored = () => undefined;
    const { run } = followSource({ identity, source, pipeline, onStored, clock, log, signal: stop.signal });
    const running = run();
    return {
      clock,
      state: source.state,
      async stop() {
        stop.abort();
        await running;
      },
    };
  }

  async function put(logGroupName: string, events: readonly (readonly [number, string])[]): Promise<void> {
    const logEvents = events.map(([timestamp, message]) => ({ timestamp, message }));
    await client.send(new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }));
  }

  async function count(condition: string): Promise<number> {
    return (await database.pool.query(`select count(*) as n from events where ${condition}`)).rows[0].n;
  }

  async function ledger() {
    const { rows } = await database.pool.query(
      `select lines_stored as stored, lines_duplicate as duplicate, bytes_read = bytes_stored + bytes_parked as balanced
         from sources where source_id = $1`,
      [identity.sourceId],
    );
    return rows[0];
  }
});

const lure = {
  ...{ id: '00000000-0000-4000-8000-000000000001', kind: 'aws_access_key' as const, path: '/root/.aws/credentials' },
  ...{ quickHash: quickHashOf(plantedKey), secretHash: createHash('sha256').update(plantedKey).digest('hex') },
  ...{ sensor: 'sensor-a', plantedAt: '2026-11-22T10:00:00.000Z', sessionId: 's', sourceIp: '192.0.2.1', isRead: true },
};

function cowrieLine(at: number): string {
  const timestamp = new Date(now.getTime() - 60_000 + at).toISOString();
  const event = { eventid: 'cowrie.command.input', input: `echo ${at}`, src_ip: '192.0.2.1', session: 'cw' };
  return JSON.stringify({ ...event, timestamp, sensor: 'far' });
}

function trailRecord(accessKeyId: string, sourceIPAddress: string): string {
  return JSON.stringify({
    eventVersion: '1.08',
    userIdentity: { type: 'IAMUser', accountId: '123456789012', accessKeyId, userName: 'backup' },
    eventTime: new Date(now.getTime() - 5000).toISOString(),
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetCallerIdentity',
    sourceIPAddress,
    errorCode: 'InvalidClientTokenId',
    recipientAccountId: '123456789012',
    eventID: accessKeyId,
  });
}
