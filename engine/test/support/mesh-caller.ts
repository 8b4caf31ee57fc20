import { zstdCompressSync } from 'node:zlib';
import type { Heartbeat } from '@cerberusmesh/contract/mesh';
import { createHubClient, type HubAnswer } from '../../src/sensor/hub-client.ts';
import type { TestHub } from './mesh-hub.ts';

export interface Shipped {
  readonly body: Buffer;
  readonly spool?: string;
  readonly start?: number;
  readonly lostFrom?: number;
  readonly encoding?: string;
  /** Sent as it is. */
  readonly raw?: boolean;
}

/** Says to a hub what a sensor would, or what somebody would who has its secret. */
export function createMeshCaller(hub: TestHub) {
  return { enrolled, ship, poll, report, post, countEvents };

  async function enrolled(name: string): Promise<string> {
    const secret = secretOf(name);
    await hub.sensors.enrol(await hub.sensors.invite(name, 'test', new Date()), secret, new Date());
    return secret;
  }

  async function ship(secret: string, shipped: Shipped): Promise<HubAnswer> {
    const { body, spool = '00000000-0000-4000-8000-000000000000', start = 0, encoding = 'zstd', raw = false } = shipped;
    const isSmall = body.length < 1024 * 1024;
    return await post(secret, '/mesh/lines', raw || !isSmall ? body : zstdCompressSync(body), {
      'content-type': 'application/x-ndjson',
      'cerberus-spool': spool,
      'cerberus-start': String(start),
      ...(shipped.lostFrom === undefined ? {} : { 'cerberus-lost-from': String(shipped.lostFrom) }),
      ...(raw || isSmall ? { 'content-encoding': encoding } : {}),
    });
  }

  async function poll(secret: string): Promise<{ id: string }[]> {
    const { body } = await post(secret, '/mesh/poll', beat());
    // The shape is the contract's, and what is wrong with it fails the test.
    return (body as { orders: { id: string }[] }).orders;
  }

  async function report(secret: string, body: object): Promise<HubAnswer> {
    return await post(secret, '/mesh/reports', Buffer.from(JSON.stringify(body)));
  }

  async function post(
    secret: string | undefined,
    path: string,
    body: Buffer,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<HubAnswer> {
    const client = createHubClient({ hub: hub.url, fingerprint: hub.fingerprint, ...(secret ? { secret } : {}) });
    return await client.post(path, body, headers, { timeoutMs: 60_000 }).finally(() => client.close());
  }

  async function countEvents(sensor: string): Promise<number> {
    const { rows } = await hub.database.pool.query('select count(*)::int as n from events where sensor = $1', [sensor]);
    return rows[0].n;
  }
}

/** Of the form that a sensor makes; the same for the same seed. */
export function secretOf(seed: string): string {
  return `cs_${Buffer.from(seed.padEnd(32, '-')).toString('base64url').slice(0, 43)}`;
}

/** A heartbeat of a sensor that is well. */
export function beat(more: Partial<Heartbeat> = {}): Buffer {
  const now = new Date().toISOString();
  const log = { active: true, unreadBytes: 0, lastLineAt: null, problem: null };
  const heartbeat: Heartbeat = {
    ...{ version: '0', sentAt: now, startedAt: now, log, prepared: false, rssBytes: 0 },
    ...{ spool: { bytes: 0, bytesMax: 1 }, lost: { times: 0, bytes: 0 } },
    ...more,
  };
  return Buffer.from(JSON.stringify(heartbeat));
}

/** Commands of one session, a millisecond apart. */
export function linesOf(session: string, from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => lineOf(session, from + index)).join('');
}

function lineOf(session: string, index: number): string {
  const timestamp = new Date(Date.UTC(2026, 10, 22, 10) + index).toISOString();
  const event = { eventid: 'cowrie.command.input', input: `echo ${index}`, src_ip: '192.0.2.1' };
  return `${JSON.stringify({ ...event, timestamp, session, sensor: 'pushed' })}\n`;
}
