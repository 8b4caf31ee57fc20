import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeAskPeople } from '../src/compose/ask-people.ts';
import { composeToldPeople } from '../src/compose/tell-people.ts';
import { readConfig } from '../src/config.ts';
import { checkPolicy } from '../src/decide/read-policy.ts';
import { aChange } from '../src/decide/support/changes.ts';
import { systemClock } from '../src/kit/clock.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';
import { storeDecisions } from '../src/store/decisions.ts';
import { type HttpSink, startHttpSink } from './support/http-sink.ts';
import { type SmtpSink, startSmtpSink } from './support/smtp-sink.ts';

const asking = checkPolicy(
  {
    version: 'asks',
    guards: {
      approvalMinutes: { insert_trap: 30 },
      cooldownSeconds: { insert_trap: 0 },
      quietHours: { from: '00:00', to: '23:59', timeZone: 'UTC' },
    },
    rules: [{ id: 'r', why: 'He looks for keys.', when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'] }],
  },
  'test',
);

/** The test's clock is at noon of 2026-11-22. */
const endOfQuietHours = new Date('2026-11-22T23:59:00Z');
const telling = checkPolicy(
  {
    version: 'tells',
    guards: { quietHours: { from: '00:00', to: '23:59', timeZone: 'UTC' } },
    rules: [{ id: 't', why: 'Grave.', when: {}, decision: 'escalate', also: ['lock_down'] }],
  },
  'test',
);

describe('a decision that people hear of', () => {
  let server: TestServer;
  let smtp: SmtpSink;
  let hook: HttpSink;
  const stopping = new AbortController();
  let running: Promise<unknown>;

  beforeAll(async () => {
    [server, smtp, hook] = await Promise.all([startTestServer(), startSmtpSink(), startHttpSink()]);
    const config = readConfig({
      ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
      env: {
        CERBERUS_SMTP_URL: smtp.url,
        CERBERUS_MAIL_TO: 'soc@example.org',
        CERBERUS_WEBHOOK_URL: hook.url,
        CERBERUS_WEBHOOK_SECRET: 'a secret of sixteen or more',
      },
    });
    const parts = { config, database: server.database, log: { warn: () => undefined } };
    const people = composeToldPeople({ ...parts, clock: { ...systemClock, now: server.clock.now } });
    const clock = { ...systemClock, now: server.clock.now };
    const questions = composeAskPeople({ ...parts, clock, links: server.links, queue: people.queue });
    running = Promise.all([people.run(stopping.signal), questions.run(stopping.signal)]);
  });
  afterAll(async () => {
    stopping.abort();
    await running;
    await Promise.all([server.close(), smtp.close(), hook.close()]);
  });

  it('asks for a word on every channel at once, quiet hours or not, by a link that shows it and answers it once', async () => {
    server.decider.usePolicy(asking);
    const decisions = server.decider.decide([aChange()]);
    // The same batch stored again after a crash asks once.
    for (let time = 0; time < 2; time++)
      await server.database.transaction((client) => storeDecisions(client, decisions));
    await expect.poll(() => [smtp.mails.length, hook.taken.length], { timeout: 15_000 }).toEqual([1, 1]);

    const { notice } = JSON.parse(hook.taken[0]?.body ?? '');
    const [, url = '', token = ''] = /Answer: (\S+#\/approve\/(\S+))/.exec(smtp.mails[0] ?? '') ?? [];
    expect(notice).toMatchObject({ subject: 'Asked: insert_trap (SSH_KEYS) on sensor:sensor-a?' });
    expect(notice.links[0]).toEqual({ name: 'Answer', url });
    expect(notice.why).toContain('Without an answer by 2026-11-22T12:30:00.000Z it is not done.');

    const [decision] = decisions;
    expect(await post({ token })).toMatchObject([200, { id: decision?.id, status: 'pending' }]);
    expect(await jobs('act')).toEqual([]);
    expect(await post({ token, answer: 'approved' })).toMatchObject([200, { status: 'approved', answered_by: 'link' }]);
    expect(await post({ token, answer: 'rejected' })).toMatchObject([409, {}]);
    expect(await jobs('act')).toEqual([{ job_key: `act ${decision?.id}` }]);
  }, 30_000);

  it('that was answered before anybody could be told is not told any more', async () => {
    const decisions = server.decider.decide([aChange({ sessionId: 'another' })]);
    await server.database.transaction(async (client) => {
      await storeDecisions(client, decisions);
      await client.query(`update approvals set status = 'cancelled' where decision_id = $1`, [decisions[0]?.id]);
    });
    await expect
      .poll(() => jobs('ask', 'and done_at is not null'), { timeout: 15_000 })
      .toContainEqual({ job_key: `ask ${decisions[0]?.id}` });
    const { rows } = await server.database.pool.query('select 1 from notices where id = $1', [decisions[0]?.id]);
    expect(rows).toEqual([]);
  }, 30_000);

  it('has its notice wait for the end of quiet hours, and the lock-down beside it begin at once', async () => {
    server.decider.usePolicy(telling);
    const decisions = server.decider.decide([aChange({ sessionId: 'by-night' })]);
    await server.database.transaction((client) => storeDecisions(client, decisions));
    const { rows } = await server.database.pool.query<{ job_key: string; begins: Date; at_once: boolean }>(
      `select job_key, run_at as begins, run_at <= now() as at_once from jobs where job_key like $1 order by job_key`,
      [`action % ${decisions[0]?.id}`],
    );
    expect(rows).toMatchObject([
      { job_key: `action escalate ${decisions[0]?.id}`, begins: endOfQuietHours },
      { job_key: `action lock_down ${decisions[0]?.id}`, at_once: true },
    ]);
  });

  async function post(body: object): Promise<[number, unknown]> {
    const answer = await server.api.inject({ method: 'POST', url: '/api/approvals/link', payload: body });
    return [answer.statusCode, JSON.parse(answer.body)];
  }

  async function jobs(kind: string, more = ''): Promise<unknown[]> {
    return (await server.database.pool.query(`select job_key from jobs where kind = $1 ${more}`, [kind])).rows;
  }
});
