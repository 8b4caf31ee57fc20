import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { FeedbackRequest } from '@cerberusmesh/contract/feedback';
import { MlHealth } from '@cerberusmesh/contract/ml';
import { TrainingRecord } from '@cerberusmesh/contract/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeLines } from '../../bench/make-lines.ts';
import { startSession } from '../src/assess/assess.ts';
import { feedbackCommand } from '../src/commands/feedback.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { createCurrentModels } from '../src/compose/learning/current-models.ts';
import { createGiveFeedback } from '../src/compose/learning/give-feedback.ts';
import { createTrainer } from '../src/compose/learning/trainer.ts';
import { createWithdrawFeedback } from '../src/compose/learning/withdraw-feedback.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createNormalize } from '../src/normalize/normalize.ts';
import { findModel, promote, rollBack } from '../src/store/learning/models.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';

const quiet = { info: () => undefined, warn: () => undefined };
const by = 'token:test';

describe('models that learn from what is stored', () => {
  let database: TestDatabase;
  let empty: TestDatabase;
  let stateDir: string;
  beforeAll(async () => {
    [database, empty] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    stateDir = await mkdtemp(join(tmpdir(), 'cerberus-learning-'));
    await store([...makeLines(2400)]);
  });
  afterAll(async () => {
    await Promise.all([database.drop(), empty.drop()]);
    await rm(stateDir, { recursive: true, force: true });
  });

  it('a person’s word holds at once, in everything that is counted, and is audited', async () => {
    const { id, source_ip } = await one(
      `select id, source_ip from events where command like 'cat /etc/passwd%' and severity <> 'LOW' order by id limit 1`,
    );
    const highs = () => one(`select high_severity_count from attackers where ip_address = '${source_ip}'`);
    const before = await highs();
    const told = await give(id, { verdict: 'corrected', severity: 'HIGH', note: 'the file was a lure' });
    expect(told).toMatchObject({ event_id: id, told: 'MEDIUM', severity: 'HIGH', learnable: true, given_by: by });
    expect(await one(`select severity, confidence from events where id = '${id}'`)).toEqual({
      severity: 'HIGH',
      confidence: 1,
    });
    expect((await highs())['high_severity_count']).toBe(before['high_severity_count'] + 1);
    await give(id, { verdict: 'confirmed' });
    expect(await one(`select severity from events where id = '${id}'`)).toEqual({ severity: 'MEDIUM' });
    expect(await one(`select told, severity from feedback where event_id = '${id}'`)).toEqual({
      told: 'MEDIUM',
      severity: 'MEDIUM',
    });
    expect(await highs()).toEqual(before);
    expect(await one(`select count(*) from audit_log where action = 'events.feedback' and subject = '${id}'`)).toEqual({
      count: 2,
    });
    await expectCountsAgree();
  });

  it('cerberus feedback: gives a word that holds at once, lists it, takes it back, and refuses one that says nothing', async () => {
    const { id } = await one(`select id from events where command = 'uname -a' and severity = 'LOW' limit 1`);
    expect(await feedback('give', id, 'corrected', '--severity', 'MEDIUM', '--note', 'a \u001b[2Jsign')).toBe(
      'LOW before, MEDIUM now. The next training learns from it.\n',
    );
    expect(await one(`select severity from events where id = '${id}'`)).toEqual({ severity: 'MEDIUM' });
    expect(await feedback('list', '--limit', '1')).toMatch(
      /corrected {2}LOW → MEDIUM {2}command-line {2}uname -a {2}a \\u001b\[2Jsign\n$/,
    );
    expect(await feedback('give', id, 'confirmed', '--json')).toContain('"severity":"LOW"');
    expect(await feedback('withdraw', id)).toBe('LOW again, as it was told.\n');
    expect(await feedback('list')).not.toContain(id);
    await expect(feedback('withdraw', id)).rejects.toThrow(/Nothing was said of an event/);
    await expect(feedback('give', id, 'corrected')).rejects.toThrow(/corrected needs a severity/);
    await expect(feedback('give', 'x', 'confirmed')).rejects.toThrow(/id of an event/);
    await expectCountsAgree();
  });

  it('a word that is taken back leaves the event, and all that is counted, as if it had never been said', async () => {
    const { id } = await one(
      `select id from events where severity = 'HIGH' and command is not null order by id limit 1`,
    );
    const stored = () =>
      one(`select severity, threat_score, confidence, why, techniques, assessment from events where id = '${id}'`);
    const before = await stored();
    await give(id, { verdict: 'false_positive' });
    await give(id, { verdict: 'corrected', severity: 'MEDIUM' });
    expect(await stored()).not.toEqual(before);
    const withdraw = createWithdrawFeedback({ database, normalize: createNormalize(), written: () => undefined });
    expect(await withdraw(id, by)).toEqual({ event_id: id, severity: 'HIGH' });
    expect(await stored()).toEqual(before);
    await expect(withdraw(id, by)).rejects.toThrow(/Nothing was said/);
    expect(
      await one(`select count(*) from audit_log where action = 'events.feedback.withdraw' and subject = '${id}'`),
    ).toEqual({ count: 1 });
    await expectCountsAgree();
  });

  it('feedback on an event that is not there, or of a form that says nothing, is refused', async () => {
    await expect(give('01939d5e-0000-7000-8000-000000000000', { verdict: 'confirmed' })).rejects.toThrow(/no event/);
  });

  it('a training learns from feedback, is compared, promoted, taken into use without a restart, and rolled back', async () => {
    // Fourteen shapes that a model cannot know: people say that they are harmless here.
    const words = 'alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi'.split(' ');
    const lines = words.map((word) => `/opt/inventory/bin/agent-${word} --report ${word}`);
    await store(lines.map((line, at) => aCommand(line, at)));
    const { rows } = await database.pool.query(`select id from events where command like '/opt/inventory%'`);
    for (const { id } of rows) await give(id, { verdict: 'false_positive' });

    const models = createCurrentModels({ pool: database.pool, stateDir, clock: systemClock, log: quiet });
    const event = createNormalize()({
      text: aCommand('/opt/inventory/bin/agent-omega --report omega', 99),
      coveredBytes: 0,
    });
    if (event.line === null) throw new Error('not read');
    const { line } = event;
    const sure = (severity = 'LOW') => {
      const { assessment } = models.assess(line.event, startSession(line.event));
      return assessment?.severity === severity ? assessment.confidence : 0;
    };
    const before = sure();
    const steps: string[] = [];
    const ended = await train(database, (step) => steps.push(step));
    expect(ended, ended.why ?? '').toMatchObject({ state: 'done', promoted: true, done: 1 });
    const version = ended.version ?? '';
    expect(models.version()).toBe('shipped');
    await models.refresh();
    expect(models.version()).toBe(version);
    // A line that nobody labelled, of the same program: it was learned, not remembered.
    expect(sure()).toBeGreaterThan(before);

    const details = await findModel(database.pool, version);
    expect(details).toMatchObject({ parent: 'shipped', current: true, events: 2414 });
    const severity = details?.cards.find(({ model }) => model === 'severity');
    expect(severity).toMatchObject({ version, confusion: { labels: ['LOW', 'MEDIUM', 'HIGH'] } });
    expect(details?.cards.find(({ model }) => model === 'tactic')?.version).not.toBe(version);
    for (const { figure, difference, margin, passed, items } of details?.comparisons ?? []) {
      expect(difference[0], figure).toBeLessThanOrEqual(difference[1]);
      expect(passed, figure).toBe(difference[0] >= -margin);
      expect(items, figure).toBeGreaterThan(0);
    }

    expect(await rollBack(database, by)).toBe('shipped');
    await models.refresh();
    expect(sure()).toBe(before);
    await expect(rollBack(database, by)).rejects.toThrow(/replaced nothing/);
    await promote(database, version, by);
    await expect(promote(database, version, by)).rejects.toThrow(/in use already/);
    await expect(promote(database, 'no such', by)).rejects.toThrow(/no model version/);
    // Another machine has no such folder: it is filled from the database.
    const elsewhere = await mkdtemp(join(tmpdir(), 'cerberus-elsewhere-'));
    const other = createCurrentModels({ pool: database.pool, stateDir: elsewhere, clock: systemClock, log: quiet });
    await other.refresh();
    expect(other.version()).toBe(version);
    await rm(elsewhere, { recursive: true });
  }, 90_000);

  it('too little to train on is refused clearly, and changes nothing', async () => {
    const ended = await train(empty, () => undefined);
    expect(ended).toMatchObject({
      state: 'refused',
      version: null,
      why: expect.stringContaining('at least 2000 stored events, found 0'),
    });
    const command = startProcess(['train'], { CERBERUS_DATA_DIR: stateDir, DATABASE_URL: empty.url });
    await command.untilSaid(/too little to train on/);
    expect(await command.untilEnd()).toBe(1);
  });

  it('two trainings at once are not begun', async () => {
    const trainer = createTrainer({ ...trainerParts(database), changed: () => undefined });
    const first = await trainer.start({ days: null, promote: false, by });
    await expect(trainer.start({ days: null, promote: false, by })).rejects.toThrow(/under way/);
    await trainer.close();
    expect(await first.ended).toMatchObject({ state: 'failed', why: 'It was stopped.' });
  });

  it('the ML service follows the version in use and trains when asked', async () => {
    const env = { CERBERUS_DATA_DIR: stateDir, DATABASE_URL: database.url, CERBERUS_ML_PORT: '0' };
    const ml = startProcess(['ml'], env);
    const url = await ml.untilSaid(/is up: (http\S+)/);
    const health = async () => MlHealth.parse(await (await fetch(`${url}/health`)).json());
    const latest = async () =>
      z.object({ data: z.array(TrainingRecord) }).parse(await (await fetch(`${url}/train`)).json()).data[0];
    await until(async () => (await health()).model_version !== 'shipped');
    const answer = await fetch(`${url}/train`, { method: 'POST' });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ state: 'running', started_by: 'ml service' });
    await until(async () => (await latest())?.state !== 'running');
    expect(await latest()).toMatchObject({ state: 'done' });
    expect(await ml.kill('SIGTERM')).toBe(0);
  }, 90_000);

  async function give(id: string, request: FeedbackRequest) {
    return await createGiveFeedback({ database, normalize: createNormalize(), written: () => undefined })(
      id,
      request,
      by,
    );
  }

  async function feedback(...argv: string[]): Promise<string> {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const printed = readAll(stdout);
    const command = feedbackCommand({ stdin, stdout, stderr }, (_flags, work) => work({ database, timeZone: 'UTC' }));
    for (const each of [command, ...command.commands])
      each.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    try {
      await command.parseAsync(argv, { from: 'user' });
    } finally {
      stdout.end();
    }
    return await printed;
  }

  async function train(on: TestDatabase, changed: (step: string) => void) {
    const trainer = createTrainer({ ...trainerParts(on), changed: ({ step }) => changed(step) });
    return await (await trainer.start({ days: null, promote: true, by })).ended;
  }

  function trainerParts(on: TestDatabase) {
    return { database: on, stateDir, timeZone: 'UTC', clock: systemClock, promoted: () => undefined };
  }

  async function store(lines: readonly string[]): Promise<void> {
    const models = createCurrentModels({ pool: database.pool, stateDir, clock: systemClock, log: quiet });
    const pipeline = composePipeline({
      ...{ database, clock: systemClock, timeZone: 'UTC', startSession },
      assess: models.assess,
      isProbe: () => false,
      assessFailed: (_event, error) => {
        throw error;
      },
    });
    const source = { sourceId: 'test', kind: 'file', place: 'test' };
    const raw = lines.map((text) => ({ text, coveredBytes: text.length + 1 }));
    await pipeline.onLines({ sourceId: 'test', lines: raw, position: {}, readBytes: 0 }, source);
  }

  async function expectCountsAgree(): Promise<void> {
    const { rows } = await database.pool.query(
      `select (select sum(high_severity_count) from attackers) as attackers,
              (select count(*) from events where severity = 'HIGH') as events,
              (select sum(events) from rollup_hours where severity = 'HIGH') as hours`,
    );
    expect(Number(rows[0].attackers)).toBe(rows[0].events);
    expect(Number(rows[0].hours)).toBe(rows[0].events);
  }

  async function one(text: string) {
    return (await database.pool.query(text)).rows[0];
  }
});

function aCommand(input: string, at: number): string {
  const timestamp = new Date(Date.UTC(2026, 9, 20, 10, 0, at)).toISOString().replace('Z', '000Z');
  const session = at.toString(16).padStart(12, '0');
  return JSON.stringify({
    eventid: 'cowrie.command.input',
    input,
    timestamp,
    session,
    src_ip: '192.0.2.7',
    sensor: 'office',
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to that within a minute.');
    await pause(50);
  }
}
