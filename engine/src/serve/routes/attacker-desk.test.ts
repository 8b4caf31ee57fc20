import { AttackerProfile, attackerNoteCharactersMax } from '@cerberusmesh/contract/api-attacker-desk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAttacker, addEvent, addSession } from '../support/rows.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

const ip = '203.0.113.9';
let server: TestServer;
let campaign = '';

beforeAll(async () => {
  server = await startTestServer();
  const { pool } = server.database;
  await addAttacker(pool, { ip, events: 4 });
  await addAttacker(pool, { ip: '203.0.113.10' });
  await pool.query(
    'update attackers set touches = 1, high_severity_count = 2, successful_logins = 3 where ip_address = $1',
    [ip],
  );
  const first = await addSession(pool, { sessionId: 'one', sourceIp: ip, start: new Date('2026-11-20T10:00:00Z') });
  const second = await addSession(pool, { sessionId: 'two', sourceIp: ip, start: new Date('2026-11-21T10:00:00Z') });
  await addSession(pool, { sessionId: 'three', sourceIp: ip, start: new Date('2026-11-21T11:00:00Z') });
  await pool.query(`update sessions set techniques = '{T1105}', actor = 'script', novelty = 0.4 where id = $1`, [
    first,
  ]);
  await pool.query(`update sessions set techniques = '{T1105,T1110}', actor = 'human', novelty = 0.9 where id = $1`, [
    second,
  ]);
  for (const name of ['root', 'root', 'pi'])
    await addEvent(pool, { sourceIp: ip, command: null, username: name, eventType: 'cowrie.login.failed' });
  await addEvent(pool, { sourceIp: ip, command: null, username: 'root', eventType: 'cowrie.login.success' });
  const { rows } = await pool.query<{ id: string }>(
    `insert into campaigns (id, name, first_seen, last_seen, sessions, addresses, severity, threat_score)
     values (gen_random_uuid(), 'a botnet', now(), now(), 3, 2, 'HIGH', 0.9) returning id`,
  );
  campaign = rows[0]?.id ?? '';
  for (const address of [ip, '203.0.113.10'])
    await pool.query('insert into campaign_addresses values ($1, $2, 3, now())', [campaign, address]);
});
afterAll(async () => await server.close());

describe('the profile of an attacker', () => {
  it('tells why his level is what it is, and what he tried, used and showed by day', async () => {
    const profile = await read();
    expect(profile.threat_why).toEqual([
      'Used our lures once: CRITICAL, whatever else was done.',
      'Did something HIGH 2 times: at least HIGH.',
      'Got in 3 times: at least MEDIUM.',
    ]);
    expect(profile.credentials).toEqual([
      { username: 'root', password: null, attempts: 3, successes: 1 },
      { username: 'pi', password: null, attempts: 1, successes: 0 },
    ]);
    expect(profile.clients).toEqual([{ client_version: 'SSH-2.0-Go', hassh: null, sessions: 3 }]);
    expect(profile.techniques).toEqual([
      {
        ...{ technique: 'T1105', name: 'Ingress Tool Transfer', sessions: 2 },
        days: [
          { day: '2026-11-20', sessions: 1 },
          { day: '2026-11-21', sessions: 1 },
        ],
      },
      { technique: 'T1110', name: 'Brute Force', sessions: 1, days: [{ day: '2026-11-21', sessions: 1 }] },
    ]);
    expect(profile).toMatchObject({ scripts: 1, humans: 1, novelty: 0.9, sessions_read: 3, allowed: null });
    expect(profile.campaigns.map(({ id }) => id)).toEqual([campaign]);
    expect(profile.others).toEqual([{ ip_address: '203.0.113.10', campaign: 'a botnet', sessions: 3 }]);
  });

  it('is no reason to believe in somebody who never came', async () => {
    const answer = await server.api.inject({ url: '/api/attackers/192.0.2.200/profile', headers: server.as.viewer });
    expect(answer.statusCode).toBe(404);
    expect((await note('192.0.2.200', 'hello')).statusCode).toBe(404);
  });

  it('a note says by whom and when, is audited, and is bounded', async () => {
    expect((await note(ip, 'seen at our web servers too')).json()).toMatchObject({ written_by: 'token:o' });
    expect((await note(ip, 'x'.repeat(attackerNoteCharactersMax + 1))).statusCode).toBe(400);
    expect((await note(ip, 'a\u0000b')).statusCode).toBe(400);
    const { notes } = await read();
    expect(notes.map(({ text, written_by }) => [text, written_by])).toEqual([
      ['seen at our web servers too', 'token:o'],
    ]);
    const { rows } = await server.database.pool.query(
      `select actor, subject from audit_log where action = 'attacker.note'`,
    );
    expect(rows).toEqual([{ actor: 'token:o', subject: ip }]);
  });

  it('says what stands about him: watched, blocked, allowed by the narrowest network', async () => {
    await server.database.pool.query(
      `insert into actions (id, cause_id, kind, target, status, requested_by, reason, severity, parameters)
       select gen_random_uuid(), gen_random_uuid(), kind, 'attacker ' || $1, status, 'token:o', 'a test', 'LOW', '{}'
         from (values ('monitor', 'verified'), ('lock_down', 'undone'), ('lock_down', 'refused')) as given (kind, status)`,
      [ip],
    );
    for (const network of ['203.0.112.0/23', '203.0.113.0/24'])
      await server.api.inject({
        ...{
          method: 'POST',
          url: '/api/allow-list',
          headers: server.as.operator,
          payload: { network, reason: 'ours' },
        },
      });
    const { standing, allowed } = await read();
    expect(standing.map(({ kind, status }) => `${kind} ${status}`).sort()).toEqual([
      'lock_down refused',
      'monitor verified',
    ]);
    expect(allowed?.network).toBe('203.0.113.0/24');
  });

  it('a network is an address or a network, and nothing else', async () => {
    for (const network of ['203.0.113', '10.0.0.0/33', 'example.org', "1.1.1.1'; drop table events"]) {
      const answer = await server.api.inject({
        ...{ method: 'POST', url: '/api/allow-list', headers: server.as.operator, payload: { network, reason: 'x' } },
      });
      expect(answer.statusCode, network).toBe(400);
    }
  });
});

async function read(): Promise<AttackerProfile> {
  const answer = await server.api.inject({ url: `/api/attackers/${ip}/profile`, headers: server.as.viewer });
  return AttackerProfile.parse(answer.json());
}

async function note(address: string, text: string) {
  const url = `/api/attackers/${address}/notes`;
  return await server.api.inject({ method: 'POST', url, headers: server.as.operator, payload: { text } });
}
