import { createPublicKey, randomBytes, randomUUID, verify } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Decision } from '@cerberusmesh/contract/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createDecide } from '../decide/decide.ts';
import { createHistory } from '../decide/history.ts';
import { checkPolicy } from '../decide/read-policy.ts';
import { aSituation, now, someCircumstances } from '../decide/support/situations.ts';
import { createSigner } from '../kit/signer.ts';
import { appendAudit } from './audit.ts';
import { chainAudit } from './audit-chain.ts';
import { storeDecisions } from './decisions.ts';
import { exportAudit, exportBytes } from './export-audit.ts';
import { verifyAudit } from './verify-audit.ts';
import { verifyExport } from './verify-export.ts';

const signer = createSigner(randomBytes(32), 'audit');

describe('the audit chain', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    await database.pool.query(
      'truncate audit_log, audit_seals, audit_pending, decisions, adaptations, jobs restart identity cascade',
    );
  });
  afterAll(() => database.drop());

  it('is sound as long as nobody touches it, whatever was appended and in how many rounds', async () => {
    await append('first', 'second');
    await chain();
    await append('third');
    await storeDecisions(await client(), [
      aDecision({
        recentCommands: ['cat "é\u2028 \\u0041 \ud83d\ude00', 'cut in a pair \ud83d', 'nul \0', 'printf \\ud83d'],
      }),
    ]);
    const head = await chain();
    expect(head?.seq).toBe(4);
    expect(await report(head)).toMatchObject({ sound: true, entries: 4, decisions: 1, waiting: 0, faults: [] });
  });

  it('takes the decisions of many batches as one entry', async () => {
    for (let i = 0; i < 20; i++) await storeDecisions(await client(), [aDecision({}, `s${i}`)]);
    await chain();
    const { rows } = await database.pool.query('select count(*) as entries from audit_log');
    expect(rows).toEqual([{ entries: 1 }]);
    expect(await report(await lastHead())).toMatchObject({ sound: true, decisions: 20 });
  });

  it.each([
    { how: 'a content', sql: `update audit_log set details = '{"x": 2}' where seq = 3`, kind: 'altered', seq: 3 },
    { how: 'an actor', sql: `update audit_log set actor = 'token:other' where seq = 2`, kind: 'altered', seq: 2 },
    {
      how: 'a time',
      sql: `update audit_log set at = at + interval '1 microsecond' where seq = 4`,
      kind: 'altered',
      seq: 4,
    },
    { how: 'an entry that was removed', sql: 'delete from audit_log where seq = 3', kind: 'missing', seq: 3 },
    {
      how: 'an entry that was removed, and the gap closed',
      sql: `delete from audit_log where seq = 3; update audit_log set seq = seq - 1 where seq > 3`,
      kind: 'broken_link',
      seq: 3,
    },
    {
      how: 'two that changed places',
      sql: `update audit_log set seq = 100 where seq = 2; update audit_log set seq = 2 where seq = 3;
            update audit_log set seq = 3 where seq = 100`,
      kind: 'broken_link',
      seq: 2,
    },
    { how: 'an end that was cut off', sql: 'delete from audit_log where seq > 3', kind: 'truncated', seq: 3 },
    {
      how: 'an end that was cut off with its seals',
      sql: 'delete from audit_log where seq > 2; delete from audit_seals where seq > 2',
      kind: 'truncated',
      seq: 2,
    },
    { how: 'everything gone', sql: 'delete from audit_log; delete from audit_seals', kind: 'truncated', seq: 0 },
    {
      how: 'a decision that was changed',
      sql: `update decisions set why = 'harmless'`,
      kind: 'decision_altered',
      seq: 5,
    },
    {
      how: 'what a decision was made of',
      sql: `update decisions set inputs = jsonb_set(inputs::jsonb, '{situation,sourceIp}', '"198.51.100.9"')`,
      kind: 'decision_altered',
      seq: 5,
    },
    { how: 'a decision that was removed', sql: 'delete from decisions', kind: 'decision_altered', seq: 5 },
  ])('finds $how', async ({ sql, kind, seq }) => {
    await append('a', 'b');
    await chain();
    await append('c', 'd');
    await storeDecisions(await client(), [aDecision()]);
    const head = await chain();
    await database.pool.query(sql);
    const { sound, faults } = await report(head);
    expect(sound).toBe(false);
    expect(faults).toContainEqual(expect.objectContaining({ kind, seq }));
  });

  it('finds a chain that somebody computed anew, because only this installation can sign it', async () => {
    await append('a', 'b');
    const head = await chain();
    await database.pool.query(`update audit_log set seq = null, details = '{"x": 9}'; delete from audit_seals`);
    const stranger = createSigner(randomBytes(32), 'audit');
    await chainAudit(database, stranger.sign);
    expect((await report(head)).faults).toContainEqual(expect.objectContaining({ kind: 'unsigned', seq: 2 }));
  });

  it.each([
    { how: 'cut off', sql: 'delete from audit_log where seq > 2; delete from audit_seals where seq > 2' },
    {
      how: 'altered and given to us to sign again',
      sql: `update audit_log set seq = null, hash = null, prev_hash = null, details = '{"x": 9}' where seq > 2;
            delete from audit_seals where seq > 2`,
    },
  ])('goes on from the head that was kept, so that an end that was $how is missed for ever', async ({ sql }) => {
    await append('a', 'b', 'c', 'd');
    const head = await chain();
    await database.pool.query(sql);
    await append('e', 'f', 'g');
    const next = await chainAudit(database, signer.sign, head);
    expect((await report(next)).faults).toContainEqual(expect.objectContaining({ kind: 'missing', seq: 3 }));
  });

  it('finds a chain that another process with our key went on with as if nothing were missing', async () => {
    await append('a', 'b', 'c', 'd');
    const head = await chain();
    await database.pool.query('delete from audit_log where seq > 2; delete from audit_seals where seq > 2');
    await append('e', 'f', 'g');
    await chain();
    expect((await report(head)).faults).toMatchObject([{ kind: 'broken_link', seq: 4 }]);
  });

  it('finds an entry that somebody chained on without a signature', async () => {
    await append('a');
    const head = await chain();
    await append('forged');
    await chainAudit(database, () => randomBytes(64));
    await database.pool.query('delete from audit_seals where seq = 2');
    expect((await report(head)).faults).toMatchObject([{ kind: 'unsigned', seq: 2 }]);
  });

  it('gives every entry one place although several processes chain at once', async () => {
    await append(...Array.from({ length: 50 }, (_, i) => `${i}`));
    await Promise.all(Array.from({ length: 4 }, chain));
    expect(await report(await lastHead())).toMatchObject({ sound: true, entries: 50 });
  });

  it('is exported with a signature that the public key in it proves', async () => {
    await append('a', 'b');
    await chain();
    const lines: string[] = [];
    for await (const line of exportAudit(database.pool, signer)) lines.push(line);
    const { seal } = JSON.parse(lines.at(-1) ?? '');
    expect(lines).toHaveLength(3);
    const bytes = exportBytes(seal.entries, seal.sha256);
    expect(verify(null, bytes, seal.public_key, Buffer.from(seal.signature, 'base64'))).toBe(true);
  });

  it.each([
    {
      what: 'an altered entry',
      change: (lines: string[]) => lines.with(0, (lines[0] ?? '').replace('"a"', '"x"')),
      finds: 'altered',
    },
    { what: 'a missing entry', change: (lines: string[]) => lines.toSpliced(1, 1), finds: 'missing' },
    {
      what: 'entries in another order',
      change: ([a = '', b = '', ...rest]: string[]) => [b, a, ...rest],
      finds: 'missing',
    },
    { what: 'a missing end', change: (lines: string[]) => lines.slice(0, -1), finds: 'unsigned' },
    {
      what: 'a signature of somebody else',
      change: (lines: string[]) => lines,
      key: randomBytes(32),
      finds: 'unsigned',
    },
  ])('is exported so that $what is found without the database', async ({ change, key, finds }) => {
    await append('a', 'b', 'c\u2028d');
    await chain();
    const lines: string[] = [];
    for await (const line of exportAudit(database.pool, signer)) lines.push(line);
    const check = async (some: readonly string[], by = signer.publicKey) =>
      (await verifyExport(Readable.from(some.join('').match(/[\s\S]{1,100}/g) ?? []), createPublicKey(by))).faults.map(
        ({ kind }) => kind,
      );
    expect(await check(lines)).toEqual([]);
    expect(await check(change(lines), key && createSigner(key, 'audit').publicKey)).toContain(finds);
  });

  it('hears of every step of an adaptation from the table itself', async () => {
    await storeDecisions(await client(), [aDecision()]);
    await database.pool.query(
      `insert into adaptations (decision_id, action_type, severity, sensor, reason, status)
       select id, 'SSH_KEYS', 'HIGH', 'sensor-a', 'r', 'planned' from decisions`,
    );
    await database.pool.query(`update adaptations set status = 'verified'`);
    await database.pool.query(`update adaptations set error = 'of no account'`);
    const { rows } = await database.pool.query(`select action from audit_log order by id`);
    expect(rows).toEqual([{ action: 'adaptation.planned' }, { action: 'adaptation.verified' }]);
  });

  async function append(...subjects: readonly string[]) {
    for (const subject of subjects) {
      await appendAudit(database.pool, {
        actor: 'test',
        action: 'test.do',
        subject,
        details: { x: 1, a: [null, 'é'] },
      });
    }
  }

  async function chain() {
    return await chainAudit(database, signer.sign);
  }

  async function report(head: Awaited<ReturnType<typeof chain>>) {
    return await verifyAudit(database.pool, signer.verify, head);
  }

  async function lastHead() {
    const { rows } = await database.pool.query(
      `select seq, encode(hash, 'hex') as hash, encode(signature, 'base64') as signature from audit_seals
        order by seq desc limit 1`,
    );
    return rows[0];
  }

  async function client() {
    const connection = await database.pool.connect();
    connection.release();
    return connection;
  }
});

const decide = createDecide(
  checkPolicy(
    {
      version: '1',
      rules: [
        { id: 'r', why: 'W.', when: {}, decision: 'launch_decoy', parameters: { hours: 12, driver: 'container' } },
      ],
    },
    't',
  ),
);

function aDecision(session: object = {}, sessionId = 's1'): Decision {
  const situation = { ...aSituation({ session }), sessionId, eventId: randomUUID() };
  const moment = { circumstances: someCircumstances(), history: createHistory(), lures: new Map(), now };
  const [judgement] = decide(situation, moment);
  if (!judgement) throw new Error('decide gave nothing');
  return { id: randomUUID(), ...judgement };
}
