import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { Decision } from '@cerberusmesh/contract/decision';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkPolicy } from '../../decide/read-policy.ts';
import { aChange } from '../../decide/support/changes.ts';
import { createApprovals } from '../../store/approvals.ts';
import { storeDecisions } from '../../store/decisions.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

const asking = checkPolicy(
  {
    version: 'asks',
    guards: { approvalMinutes: { rotate_key: 30, insert_trap: 30 }, cooldownSeconds: { insert_trap: 0 } },
    rules: [{ id: 'r', why: 'Because.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] }],
  },
  'test',
);
const acting = checkPolicy(
  { version: 'acts', rules: [{ id: 'r', why: 'Because.', when: { severityAtLeast: 'HIGH' }, decision: 'escalate' }] },
  'test',
);
const watching = checkPolicy(
  { version: 'w', rules: [{ id: 'r', why: 'Because.', when: {}, decision: 'monitor', lastsMinutes: 5 }] },
  'test',
);

let server: TestServer;
const undone: string[] = [];
beforeAll(async () => {
  server = await startTestServer({
    undo: [
      async () => {
        undone.push('all');
        return [{ id: 'a', error: 'Somebody changed the file.' }];
      },
    ],
  });
});
afterAll(async () => await server.close());

let visit = 0;
beforeEach(async () => {
  server.decider.usePolicy(asking);
  if (server.settings.current().CERBERUS_KILL_SWITCH) {
    await server.settings.update({ CERBERUS_KILL_SWITCH: false }, 'test');
  }
});

describe('what a person is asked', () => {
  it('is carried out once he agrees, and queued in the same transaction', async () => {
    const { id } = await decideAndStore();
    expect(await jobsOf(id)).toEqual([]);
    const { statusCode, body } = await post(`/api/approvals/${id}`, { answer: 'approved', note: 'go' }, 'operator');
    expect([statusCode, JSON.parse(body)]).toMatchObject([
      200,
      { status: 'approved', answered_by: 'token:o', note: 'go' },
    ]);
    expect(await jobsOf(id)).toMatchObject([{ kind: 'act', payload: { adaptations: ['SSH_KEYS'], verdict: 'act' } }]);
    expect(await auditOf(id)).toEqual(['approval.approve']);
  });

  it('is answered once: whoever comes second is told so, and nothing more is queued', async () => {
    const { id } = await decideAndStore();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post(`/api/approvals/${id}`, { answer: 'approved' }, 'operator')),
    );
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409]);
    expect(await jobsOf(id)).toHaveLength(1);
  });

  it('is answered as one of two says who answer otherwise at the same time, and the other is told', async () => {
    const { id } = await decideAndStore();
    const said = ['approved', 'rejected', 'approved', 'rejected'];
    const answers = await Promise.all(said.map((answer) => post(`/api/approvals/${id}`, { answer }, 'operator')));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409, 409]);
    const first = answers.find(({ statusCode }) => statusCode === 200)?.json().status;
    for (const late of answers.filter(({ statusCode }) => statusCode === 409)) {
      expect(JSON.stringify(late.json().error.details)).toContain(
        `This question is ${first} already, so the answer changes nothing.`,
      );
    }
    expect(await jobsOf(id)).toHaveLength(first === 'approved' ? 1 : 0);
  });

  it('is not done where he refuses', async () => {
    const { id } = await decideAndStore();
    await post(`/api/approvals/${id}`, { answer: 'rejected' }, 'operator');
    expect((await post(`/api/approvals/${id}`, { answer: 'approved' }, 'operator')).statusCode).toBe(409);
    expect([await jobsOf(id), await auditOf(id)]).toEqual([[], ['approval.reject']]);
  });

  it('expires into not done', async () => {
    const { id } = await decideAndStore();
    const late = () => new Date(server.clock.now().getTime() + 30 * 60_000);
    const approvals = createApprovals({ database: server.database, now: late });
    expect(await approvals.answer(id, 'approved', 'x', null)).toEqual({ kind: 'too_late', status: 'expired' });
    expect(await approvals.expire()).toBeGreaterThan(0);
    expect([await jobsOf(id), await auditOf(id)]).toEqual([[], ['approval.expired']]);
  });

  it('may be answered by its link, which shows what is asked and is good once', async () => {
    const { id } = await decideAndStore();
    const token = linkToken(id, 1800);
    expect(JSON.parse((await post('/api/approvals/link', { token })).body)).toMatchObject({ id, status: 'pending' });
    const answered = await post('/api/approvals/link', { token, answer: 'approved' });
    expect(JSON.parse(answered.body)).toMatchObject({ status: 'approved', answered_by: 'link' });
    expect((await post('/api/approvals/link', { token, answer: 'rejected' })).statusCode).toBe(409);
    expect(await jobsOf(id)).toHaveLength(1);
  });

  it.each([
    { how: 'its time is over', change: (token: string) => token, seconds: -1 },
    { how: 'its content was changed', change: (token: string) => `A${token.slice(1)}`, seconds: 1800 },
    { how: 'its signature was changed', change: (token: string) => `${token.slice(0, -2)}AA`, seconds: 1800 },
  ])('is not answered by a link where $how', async ({ change, seconds }) => {
    const { id } = await decideAndStore();
    const answered = await post('/api/approvals/link', { token: change(linkToken(id, seconds)), answer: 'approved' });
    expect([answered.statusCode, await jobsOf(id)]).toEqual([404, []]);
  });
});

it('a decision that several engines make at once is one, chained once and carried out once', async () => {
  server.decider.usePolicy(watching);
  const [decision] = server.decider.decide([aChange({ sessionId: 'seen by all', at: server.clock.now() })]);
  const given = decision ? [decision] : [];
  const store = () => server.database.transaction((client) => storeDecisions(client, given));
  await Promise.all([store(), store(), store()]);
  const id = decision?.id ?? '';
  expect(await jobsOf(id)).toHaveLength(1);
  const { rows } = await server.database.pool.query('select from audit_pending where decisions ? $1', [id]);
  expect(rows).toHaveLength(1);
});

describe('the kill switch', () => {
  it('calls off what waits, undoes what stands, and lets nothing new begin', async () => {
    const { id } = await decideAndStore();
    server.decider.usePolicy(watching);
    const watched = await decideAndStore();
    undone.length = 0;
    const { body } = await post('/api/kill-switch', { on: true }, 'operator');
    expect(JSON.parse(body)).toMatchObject({ on: true, jobs_cancelled: expect.any(Number), refused: [{ id: 'a' }] });
    expect(undone).toEqual(['all']);
    expect((await post(`/api/approvals/${id}`, { answer: 'approved' }, 'operator')).statusCode).toBe(409);
    expect(await auditOf(id)).toEqual(['approval.cancelled']);
    expect(await jobsOf(watched.id)).toMatchObject([{ failed: true }]);
    server.decider.usePolicy(asking);
    expect(await decideAndStore()).toMatchObject({ verdict: 'nothing', guard: 'kill_switch' });
    expect(server.oversight.objection('insert_trap')).toBe('The kill switch is on.');
  });

  it('keeps a late question from being agreed to, by its link too, until it is off again; to refuse it is no matter', async () => {
    const [late, other] = [await decideAndStore(), await decideAndStore()];
    // Asked by a process that had not seen the switch yet.
    await server.settings.update({ CERBERUS_KILL_SWITCH: true }, 'test');
    const agreed = await post(`/api/approvals/${late.id}`, { answer: 'approved' }, 'operator');
    const byLink = await post('/api/approvals/link', { token: linkToken(late.id, 60), answer: 'approved' });
    expect([agreed.statusCode, byLink.statusCode]).toEqual([409, 409]);
    expect(JSON.stringify(agreed.json().error.details)).toContain('The kill switch is on, so nothing is begun.');
    expect((await post(`/api/approvals/${other.id}`, { answer: 'rejected' }, 'operator')).statusCode).toBe(200);
    await server.settings.update({ CERBERUS_KILL_SWITCH: false }, 'test');
    expect((await post(`/api/approvals/${late.id}`, { answer: 'approved' }, 'operator')).statusCode).toBe(200);
    expect(await jobsOf(late.id)).toHaveLength(1);
  });

  it('calls a late question off at its next round', async () => {
    const { id } = await decideAndStore();
    await server.settings.update({ CERBERUS_KILL_SWITCH: true }, 'test');
    const leaving = new AbortController();
    const running = server.oversight.killSwitch.run(leaving.signal);
    await expect.poll(() => auditOf(id)).toEqual(['approval.cancelled']);
    leaving.abort();
    await running;
  });

  it('keeps nobody from being told: that changes nothing', async () => {
    const { pool } = server.database;
    await pool.query(`insert into jobs (kind, job_key, payload) values ('action', 'a notice', '{"kind": "escalate"}')`);
    await post('/api/kill-switch', { on: true }, 'operator');
    const { rows } = await pool.query(`select failed_at from jobs where job_key = 'a notice'`);
    expect(rows).toEqual([{ failed_at: null }]);
    expect(server.oversight.objection('escalate')).toBeUndefined();
  });

  it('is looked at, as it is stored, before each job', async () => {
    const handled: unknown[] = [];
    const guarded = server.oversight.killSwitch.guard(async (payload) => void handled.push(payload));
    const signal = new AbortController().signal;
    await guarded('before', signal);
    // Another process, such as the command, turns it.
    await server.database.pool.query(
      `insert into settings (key, value, updated_by) values ('CERBERUS_KILL_SWITCH', 'true', 'x')
       on conflict (key) do update set value = 'true'`,
    );
    await guarded('after', signal);
    expect(handled).toEqual(['before']);
  });
});

describe('the policy', () => {
  it('is checked, and each fault has its place', async () => {
    const bad = { version: '1', rules: [{ id: 'r', why: 'w', when: { typo: 1 }, decision: 'monitor' }] };
    const { statusCode, body } = await post('/api/policy/check', bad, 'viewer');
    expect(statusCode).toBe(422);
    expect(JSON.parse(body).error.details[0].message).toContain('policy: rules[0].when (rule "r"): there is no "typo"');
    expect((await post('/api/policy/check', acting.policy, 'viewer')).statusCode).toBe(200);
  });

  it('is asked about the past: what was decided then, and what another would have', async () => {
    await server.database.pool.query('truncate decisions cascade');
    server.decider.usePolicy(acting);
    for (let i = 0; i < 3; i++) await decideAndStore();
    await decideAndStore({ severity: 'LOW', threatScore: 0.1 });
    const same = JSON.parse((await post('/api/policy/dry-run', { ...day, policy: acting.policy }, 'operator')).body);
    expect(same).toMatchObject({ sessions: 4, recorded: { escalate: 3 }, would: { escalate: 3 }, sessions_changed: 0 });
    const all = { ...acting.policy, rules: [{ id: 'all', why: 'W.', when: {}, decision: 'monitor', lastsMinutes: 5 }] };
    const other = JSON.parse((await post('/api/policy/dry-run', { ...day, policy: all }, 'operator')).body);
    expect(other).toMatchObject({ would: { monitor: 4 }, sessions_changed: 4, complete: true });
    expect(other.changes).toContainEqual(
      expect.objectContaining({ recorded: ['escalate'], would: ['monitor, for 5 minutes'] }),
    );
  });

  it.each<[string, object, string]>([
    ['another lure', { adaptations: ['AWS_CREDENTIALS'] }, 'insert_trap (AWS_CREDENTIALS)'],
    ['another time', { lastsMinutes: 60 }, 'insert_trap (SSH_KEYS), for 60 minutes'],
    ['a person’s word', { approvalMinutes: 5 }, 'insert_trap (SSH_KEYS), once a person agrees'],
    ['a lock-down beside it', { also: ['lock_down'] }, 'insert_trap (SSH_KEYS) and lock_down'],
  ])('tells %s from what was done, though it is the same kind of decision', async (_what, changed, would) => {
    await server.database.pool.query('truncate decisions cascade');
    const trap = { id: 't', why: 'W.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] };
    const policyWith = (parts: object) => ({ version: 'v', guards, rules: [{ ...trap, ...parts }] });
    server.decider.usePolicy(checkPolicy(policyWith({}), 'test'));
    await decideAndStore();
    const run = async (parts: object) =>
      (await post('/api/policy/dry-run', { ...day, policy: policyWith(parts) }, 'operator')).json();
    expect(await run({})).toMatchObject({ sessions_changed: 0 });
    expect(await run(changed)).toMatchObject({
      changes: [{ recorded: ['insert_trap (SSH_KEYS)'], would: [would] }],
    });
  });

  it('tells a lure that was drawn among several from none that could have been', async () => {
    await server.database.pool.query('truncate decisions cascade');
    const drawing = { id: 't', why: 'W.', when: {}, decision: 'insert_trap', choose: 'one' };
    const policyWith = (...adaptations: string[]) => ({ version: 'v', guards, rules: [{ ...drawing, adaptations }] });
    server.decider.usePolicy(checkPolicy(policyWith('SSH_KEYS', 'AWS_CREDENTIALS', 'BACKUP_SCRIPT'), 'test'));
    // What they brought decides which is drawn; the dry run knows nothing of it.
    server.decider.useLureCounts(new Map([['BACKUP_SCRIPT', { touched: 500, untouched: 0 }]]));
    await decideAndStore();
    server.decider.useLureCounts(new Map());
    const run = async (...adaptations: string[]) =>
      (await post('/api/policy/dry-run', { ...day, policy: policyWith(...adaptations) }, 'operator')).json();
    expect(await run('BACKUP_SCRIPT', 'SSH_KEYS', 'AWS_CREDENTIALS')).toMatchObject({ sessions_changed: 0 });
    expect(await run('SSH_KEYS', 'AWS_CREDENTIALS')).toMatchObject({
      changes: [{ would: ['insert_trap (AWS_CREDENTIALS, SSH_KEYS), one of these'] }],
    });
  });

  it('counts a guard by what it would have done itself', async () => {
    await server.database.pool.query('truncate decisions cascade');
    for (let i = 0; i < 3; i++) await decideAndStore();
    const once = {
      ...asking.policy,
      guards: { budgetPerHour: { insert_trap: 1 }, cooldownSeconds: { insert_trap: 0 } },
    };
    const report = JSON.parse((await post('/api/policy/dry-run', { ...day, policy: once }, 'operator')).body);
    expect(report).toMatchObject({
      ...{ recorded: { 'insert_trap (asked)': 3 }, would: { insert_trap: 1 }, kept_from: { budget: 2 } },
    });
  });

  it('asked about the past holds for history what was history then, to the end of each session', async () => {
    await server.database.pool.query('truncate decisions, sessions cascade');
    server.decider.usePolicy(acting);
    const at = new Date(server.clock.now().getTime() - 6 * 3_600_000);
    const change = aChange({ sessionId: 'read-late', at });
    const decisions = server.decider.decide([change]);
    expect(decisions).toMatchObject([{ verdict: 'nothing', guard: 'history' }]);
    await server.database.transaction((client) => storeDecisions(client, decisions));
    await server.database.pool.query(
      `insert into sessions (id, session_id, sensor, start_time, last_event_time, state)
       values (gen_random_uuid(), 'read-late', 'sensor-a', $1, $1, $2)`,
      [at, JSON.stringify(change.session)],
    );
    const same = JSON.parse((await post('/api/policy/dry-run', { ...day, policy: acting.policy }, 'operator')).body);
    expect(same).toMatchObject({ sessions: 1, moments: 2, would: {}, kept_from: { history: 1 }, sessions_changed: 0 });
  });

  it('explains a past decision by the rules of its time', async () => {
    const current = JSON.parse((await get('/api/policy')).body);
    server.decider.usePolicy(server.decider.currentPolicy());
    const decision = await decideAndStore({ recentCommands: ['cat .aws/credentials'] }, 'sensor-b');
    const details = JSON.parse((await get(`/api/decisions/${decision.id}`)).body);
    expect(details.policy_version).toBe(current.version);
    expect(details.explanation).toContain('Rule "looks-for-aws" decided insert_trap (AWS_CREDENTIALS, BANNER_CHANGE)');
    const rule = details.rules.find((one: { rule: string }) => one.rule === 'critical-threat');
    expect(rule).toMatchObject({
      holds: false,
      conditions: [
        { condition: 'severityAtLeast', wanted: 'HIGH', came: 'HIGH', holds: true },
        { condition: 'threatScoreAbove', wanted: 0.9, came: 0.85, holds: false },
      ],
    });
  });
});

it('a refused token is in the audit log once a minute and address, a first use once', async () => {
  const asker = { headers: { authorization: `Bearer cm_${'x'.repeat(43)}` }, remoteAddress: '198.51.100.77' };
  for (let i = 0; i < 3; i++) await server.api.inject({ url: '/status', ...asker });
  await expect
    .poll(
      async () =>
        (await server.database.pool.query(`select subject from audit_log where action = 'token.refused'`)).rows,
    )
    .toEqual([{ subject: '198.51.100.77' }]);
  await get('/status');
  const { rows } = await server.database.pool.query(
    `select actor, details from audit_log where action = 'token.login' and actor = 'token:v'`,
  );
  expect(rows).toEqual([{ actor: 'token:v', details: { role: 'viewer', first: true } }]);
});

const guards = { cooldownSeconds: { insert_trap: 0 } };
const day = { from: '2026-11-22', to: '2026-11-22' };

/** Of a new visitor. */
async function decideAndStore(session: Partial<SessionState> = {}, sensor = 'sensor-a'): Promise<Decision> {
  const at = server.clock.now();
  const change = aChange({
    sessionId: `visit-${++visit}`,
    sourceIp: `192.0.2.${visit}`,
    sensor,
    at,
    session,
  });
  const [decision] = server.decider.decide([change]);
  if (!decision) throw new Error('nothing was decided');
  await server.database.transaction((client) => storeDecisions(client, [decision]));
  server.decider.made([decision]);
  return decision;
}

function linkToken(id: string, seconds: number): string {
  const link = server.links.linkFor(id, new Date(server.clock.now().getTime() + seconds * 1000));
  return new URL(link).hash.slice('#/approve/'.length);
}

async function post(url: string, payload: object, as?: 'viewer' | 'operator' | 'admin') {
  return await server.api.inject({ method: 'POST', url, payload, headers: as === undefined ? {} : server.as[as] });
}

async function get(url: string) {
  return await server.api.inject({ url, headers: server.as.viewer });
}

/** What carries it out; that people are told of the question is another matter. */
async function jobsOf(decisionId: string) {
  const { rows } = await server.database.pool.query(
    `select kind, payload, failed_at is not null as failed from jobs where job_key like '%' || $1 and kind <> 'ask'`,
    [decisionId],
  );
  return rows;
}

async function auditOf(subject: string): Promise<string[]> {
  const { rows } = await server.database.pool.query('select action from audit_log where subject = $1 order by id', [
    subject,
  ]);
  return rows.map(({ action }) => action);
}
