import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AdaptationPlan, FileSet } from '@cerberusmesh/contract/adaptation';
import { AdaptationType } from '@cerberusmesh/contract/decision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionOutcome, createActions } from '../src/act/actions.ts';
import { honeyfsFolder } from '../src/act/cowrie/manifest.ts';
import { isProbeMark } from '../src/act/cowrie/probe-mark.ts';
import { composeReplanting } from '../src/compose/replanting.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createAdaptationStore } from '../src/store/adaptations.ts';
import { type AdaptationRig, anOrder, createAdaptationRig, publicPartOf } from './support/adaptation-rig.ts';
import { hashFolder, initCowrie, type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { createTestRotation } from './support/test-rotation.ts';

const key = randomBytes(32);
const signal = new AbortController().signal;
let database: TestDatabase;
let cowrie: RealCowrie;
let rig: AdaptationRig;

beforeAll(async () => {
  [database, cowrie] = await Promise.all([createTestDatabase(), startCowrie({ prepare: true })]);
  rig = createAdaptationRig(database, cowrie, key);
}, 300_000);

afterAll(async () => {
  await cowrie.stop();
  await database.drop();
});

describe('an adaptation of a prepared Cowrie', () => {
  it('is seen by the next attacker in the banner, with ls and with cat, while the first goes on undisturbed', async () => {
    const before = await rig.hotContents();
    const first = await cowrie.login();
    expect(await first.type('cat /root/.aws/credentials')).not.toContain('AKIA');

    const outcomes = await rig.aRunner().run(await rig.aJob(['AWS_CREDENTIALS', 'BANNER_CHANGE']), signal);

    expect(outcomes).toMatchObject([
      { status: 'verified', error: null },
      { status: 'verified', error: null },
    ]);
    expect(first.isOpen()).toBe(true);
    // The same file of a session that was open before: the content is read at every access.
    expect(await first.type('cat /root/.aws/credentials')).toContain('AKIA');
    expect(await first.type('cd /tmp; pwd; cd /root')).toBe('/tmp\n');

    const second = await cowrie.login();
    expect(second.banner).not.toBe(first.banner);
    expect(second.banner).toMatch(/^\*{74}\n/);
    const shown = await second.type('cat /root/.aws/credentials');
    expect(shown).toMatch(/^\[default\]\naws_access_key_id = AKIA[A-Z2-7]{16}\naws_secret_access_key = [\w+/]{40}\n$/);
    const listing = await second.type('ls -la /root/.aws');
    expect(listing).toMatch(new RegExp(`-rw------- 1 root root +${shown.length} .* credentials`));

    const runner = rig.aRunner();
    for (const { id } of outcomes.toReversed()) expect(await runner.rollback(id)).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
    const third = await cowrie.login();
    expect(third.banner).toBe(first.banner);
  });

  it('of every kind is verified by a visit, with a secret of its own, and is taken back byte for byte', async () => {
    const before = await rig.hotContents();
    // Another persona needs the plugin, or a restart: persona.test.ts.
    const everyKind = AdaptationType.options.filter((kind) => kind !== 'PERSONA_CHANGE');
    const outcomes = await rig.aRunner().run(await rig.aJob(everyKind), signal);
    expect(outcomes.map(({ status, error }) => error ?? status)).toEqual(everyKind.map(() => 'verified'));

    const visitor = await cowrie.login();
    const key = await visitor.type('cat /root/.ssh/id_rsa');
    expect(publicPartOf(key)).toBe(publicPartOf(await visitor.type('cat /root/.ssh/id_rsa.pub')));
    const { rows } = await database.pool.query('select count(*), count(distinct secret_hash) as secrets from lures');
    expect(rows[0].count).toBe(rows[0].secrets);

    for (const { id } of outcomes) expect(await rig.aRunner().rollback(id)).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('gives two attackers two keys, and goes from below the newer one, which then gives back what stood before both', async () => {
    const before = await rig.hotContents();
    const runner = rig.aRunner();
    const [older] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    const olderKey = await rig.seenKey();
    const [newer] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    const newerKey = await rig.seenKey();
    expect(newerKey).not.toBe(olderKey);

    expect(await runner.rollback(idOf(older))).toEqual({ kind: 'rolled_back' });
    expect(await rig.seenKey()).toBe(newerKey);
    expect(await runner.rollback(idOf(newer))).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('that expires below newer ones is taken out, also when its process is killed meanwhile', async () => {
    const before = await rig.hotContents();
    const [bottom] = await rig.aRunner().run(await rig.aJob(['SSH_KEYS']), signal);
    const [middle] = await rig.aRunner().run(await rig.aJob(['SSH_KEYS']), signal);
    const [top] = await rig.aRunner().run(await rig.aJob(['SSH_KEYS']), signal);
    await endTimeOf(bottom, middle);
    const store = createAdaptationStore(database);
    // As it stands where a kill came after it was taken out and before that was its state.
    await store.change(idOf(bottom), { status: 'undoing', endsAs: 'undone' });
    expect(await store.liftOut(idOf(bottom))).toBe('lifted');
    expect(await rig.aRunner().recover(signal)).toMatchObject([{ id: idOf(bottom), status: 'undone' }]);
    expect(await rig.aRunner().expire()).toBe(1);
    expect(await store.find(idOf(middle))).toMatchObject({ status: 'undone' });
    expect(await rig.aRunner().rollback(idOf(top))).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('is not taken out from below what lies on a change of somebody else, which stays as it is', async () => {
    const before = await rig.hotContents();
    const runner = rig.aRunner();
    const path = join(cowrie.dir, honeyfsFolder, '/opt/billing/config/database.conf');
    const [older] = await runner.run(await rig.aJob(['DATABASE_CONFIG']), signal);
    const planted = await readFile(path);
    const byHand = Buffer.alloc(planted.length, 'x');
    await writeFile(path, byHand);
    const [newer] = await runner.run(await rig.aJob(['DATABASE_CONFIG']), signal);
    expect(await runner.rollback(idOf(older))).toMatchObject({ kind: 'refused' });
    expect(await runner.rollback(idOf(newer))).toEqual({ kind: 'rolled_back' });
    expect(await readFile(path)).toEqual(byHand);
    await writeFile(path, planted);
    expect(await runner.rollback(idOf(older))).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('whose key was cracked is planted anew by rotate_key, and the next visitor finds another one', async () => {
    const before = await rig.hotContents();
    const [planted] = await rig.aRunner().run(await rig.aJob(['SSH_KEYS']), signal);
    const cracked = await rig.seenSshKey();
    const { rows } = await database.pool.query(
      `select id from lures where adaptation_id = $1 and kind = 'ssh_key' limit 1`,
      [idOf(planted)],
    );
    const { decisionId, sensor, sessionId, sourceIp, severity, reason } = await rig.aJob([]);
    const cause = {
      causeId: decisionId,
      decisionId,
      requestedBy: 'engine',
      sensor,
      sessionId,
      sourceIp,
      severity,
      reason,
    };
    const order = { kind: 'rotate_key' as const, parameters: { lure: rows[0].id }, lifetimeSeconds: null, cause };
    const rotate = createActions({
      ...{ store: createActionStore(database), clock: systemClock, dryRun: false, ended: () => undefined },
      actions: [createTestRotation(database, { lures: composeReplanting(database, rig.aRunner()) })],
      approve: async () => ({ kind: 'granted', by: null }),
    });
    const asked = [await rotate.request(order, signal), await rotate.request(order, signal)];
    expect(asked).toMatchObject([[{ status: 'verified', error: null }], [{ status: 'verified' }]]);
    expect(await rig.seenSshKey()).not.toBe(cracked);
    const standing = await database.pool.query(
      `select id, decision_id from adaptations where action_type = 'SSH_KEYS' and status = 'verified'`,
    );
    expect(standing.rows).toMatchObject([{ decision_id: decisionId }]);
    await rig.aRunner().rollback(standing.rows[0].id);
    expect(await rig.hotContents()).toEqual(before);
  });

  it('is carried out once, however often its job is run', async () => {
    const job = await rig.aJob(['AWS_CREDENTIALS']);
    const runner = rig.aRunner();
    const [first] = await runner.run(job, signal);
    const [again] = await Promise.all([runner.run(job, signal), rig.aRunner().run(job, signal)]);
    expect(again).toEqual([first]);
    const { rows } = await database.pool.query('select 1 from adaptations where decision_id = $1', [job.decisionId]);
    expect(rows).toHaveLength(1);
    await runner.rollback(idOf(first));
  });

  it('touches nothing in a dry run, and is recorded', async () => {
    const before = await rig.hotContents();
    const [outcome] = await rig.aRunner({ dryRun: true }).run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(outcome).toMatchObject({ status: 'dry_run', error: null });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('is not taken back where somebody changed the file since, and that file stays as it is', async () => {
    const runner = rig.aRunner();
    const [outcome] = await runner.run(await rig.aJob(['DATABASE_CONFIG']), signal);
    const path = join(cowrie.dir, 'etc/cerberus/honeyfs/opt/billing/config/database.conf');
    const planted = await readFile(path);
    await writeFile(path, 'by hand');
    expect(await runner.rollback(idOf(outcome))).toMatchObject({
      kind: 'refused',
      explanation: expect.stringMatching(/somebody changed it/),
    });
    expect(await readFile(path, 'utf8')).toBe('by hand');
    await writeFile(path, planted);
    expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
  });

  it('that a person orders is planned dry, stands for as long as he said, once per order, and is taken back', async () => {
    const before = await rig.hotContents();
    const runner = rig.aRunner();
    const order = anOrder({ sensor: 'test-sensor', adaptations: ['AWS_CREDENTIALS'], minutes: 1 });
    const dry = anOrder(order.parameters);
    expect(await runner.order({ ...dry, dryRun: true }, signal)).toMatchObject([{ status: 'dry_run', error: null }]);
    expect(await rig.hotContents()).toEqual(before);

    const [first] = await runner.order(order, signal);
    expect(first).toMatchObject({ target: 'AWS_CREDENTIALS', status: 'verified', error: null });
    expect(await runner.order(order, signal)).toEqual([first]);
    const { rows } = await database.pool.query(
      `select requested_by, cause_id, decision_id, extract(epoch from expires_at - created_at)::int as seconds
         from adaptations where id = $1`,
      [idOf(first)],
    );
    const { causeId } = order.cause;
    expect(rows).toEqual([{ requested_by: 'person:eva', cause_id: causeId, decision_id: null, seconds: 60 }]);
    expect(await runner.rollback(idOf(first))).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('is taken back when its time is over', async () => {
    const before = await rig.hotContents();
    const runner = rig.aRunner();
    const [older] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    const [newer] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    await endTimeOf(older, newer);
    expect(await runner.expire()).toBe(2);
    expect(await rig.hotContents()).toEqual(before);
  });

  it('that visitors would not see is undone and recorded as failed, with what the probe saw', async () => {
    const before = await rig.hotContents();
    const stranger = await startCowrie();
    const outcome = await rig.aRunner({ port: stranger.sshPort }).run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(outcome).toMatchObject([{ status: 'failed', error: expect.stringMatching(/would not see it/) }]);
    expect(await rig.hotContents()).toEqual(before);
    await stranger.stop();
  });

  it('stays applied where the probe cannot get in, and is looked at again later', async () => {
    const runner = rig.aRunner({ port: 1 });
    const [outcome] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(outcome).toMatchObject({ status: 'applied', error: expect.stringMatching(/could not look/) });
    expect(await rig.aRunner().recover(signal)).toMatchObject([{ id: idOf(outcome), status: 'verified' }]);
    await runner.rollback(idOf(outcome));
  });
});

describe('the visits of the probe', () => {
  it("are told from those of attackers by what stands in Cowrie's own log", async () => {
    const attacker = await cowrie.login({ ident: 'OpenSSH_9.6p1 Debian-3' });
    await rig.aRunner().recover(signal);
    const [outcome] = await rig.aRunner().run(await rig.aJob(['BANNER_CHANGE']), signal);
    await rig.aRunner().rollback(idOf(outcome));
    attacker.close();

    const log = (await readFile(cowrie.logPath, 'utf8')).trimEnd().split('\n');
    const versions = log.map((line) => JSON.parse(line)).filter((event) => event.eventid === 'cowrie.client.version');
    const marked = versions.filter((event) => isProbeMark(key, event.version));
    expect(marked.length).toBeGreaterThan(0);
    expect(marked.length).toBeLessThan(versions.length);
    expect(versions.find((event) => event.version === 'SSH-2.0-OpenSSH_9.6p1 Debian-3')).toBeDefined();
  });
});

describe('a Cowrie whose log says another name', () => {
  it('is not changed for what happened elsewhere', async () => {
    (await cowrie.login()).close();
    const before = await rig.hotContents();
    const elsewhere = { ...(await rig.aJob(['AWS_CREDENTIALS'])), sensor: 'elsewhere' };
    const outcome = await rig.aRunner({ logPath: cowrie.logPath }).run(elsewhere, signal);
    expect(outcome).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/writes as "test-sensor"; none .* writes as "elsewhere"/) },
    ]);
    expect(await rig.hotContents()).toEqual(before);
  });
});

describe('a Cowrie that was not prepared', () => {
  it('is refused and untouched', async () => {
    const { dir } = await initCowrie();
    const before = await hashFolder(dir);
    const outcome = await rig.aRunner({ dir }).run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(outcome).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/was not prepared; run: cerberus prepare/) },
    ]);
    expect(await hashFolder(dir)).toBe(before);
    await rm(dir, { recursive: true });
  });
});

// Each is a process and two visits, and a machine may be slow.
describe('a kill of the process', { timeout: 120_000 }, () => {
  it.each([
    { beforeWrite: 2, description: 'after the plan was stored' },
    { beforeWrite: 3, description: 'before the change was recorded' },
    { beforeWrite: 4, description: 'before what the probe saw was recorded' },
  ])('$description is repaired at the next start', async ({ beforeWrite }) => {
    const before = await rig.hotContents();
    const job = await rig.aJob(['AWS_CREDENTIALS']);
    await rig.actAndDie(beforeWrite, job);
    const [outcome] = await rig.aRunner().recover(signal);
    expect(outcome).toMatchObject({ status: 'verified', error: null });
    expect(await rig.aRunner().rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('between taking the files back and recording it is finished at the next start', async () => {
    const before = await rig.hotContents();
    const job = await rig.aJob(['SSH_KEYS']);
    await rig.actAndDie(6, job);
    expect(await rig.hotContents()).toEqual(before);
    const { rows } = await database.pool.query('select new_config from adaptations where decision_id = $1', [
      job.decisionId,
    ]);
    // As it stands where the kill came after the first of the two files.
    const [, second] = FileSet.parse(rows[0].new_config).files;
    if (!second) throw new Error('a key is two files');
    await writeFile(join(cowrie.dir, honeyfsFolder, second.path), Buffer.from(second.content, 'base64'));
    expect(await rig.aRunner().recover(signal)).toMatchObject([{ status: 'undone', error: null }]);
    expect(await rig.hotContents()).toEqual(before);
  });

  it('is repaired before the next adaptation, so that both can be taken back', async () => {
    const before = await rig.hotContents();
    const job = await rig.aJob(['AWS_CREDENTIALS']);
    await rig.actAndDie(3, job);
    const runner = rig.aRunner();
    const [next] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(next).toMatchObject({ status: 'verified' });
    const first = await createAdaptationStore(database).findByCause(job.decisionId, 'insert_trap', 'AWS_CREDENTIALS');
    expect(first?.status).toBe('verified');
    expect(await runner.rollback(idOf(next))).toEqual({ kind: 'rolled_back' });
    expect(await runner.rollback(first?.id ?? '')).toEqual({ kind: 'rolled_back' });
    expect(await rig.hotContents()).toEqual(before);
  });

  it('between two files is repaired by the same job, run again', async () => {
    const before = await rig.hotContents();
    const job = await rig.aJob(['SSH_KEYS']);
    await rig.actAndDie(2, job);
    const planned = await createAdaptationStore(database).findByCause(job.decisionId, 'insert_trap', 'SSH_KEYS');
    const [first] = AdaptationPlan.parse(planned?.plan).new.files;
    if (!first) throw new Error('nothing was planned');
    await writeFile(join(cowrie.dir, honeyfsFolder, first.path), Buffer.from(first.content, 'base64'));

    const [outcome] = await rig.aRunner().run(job, signal);
    expect(outcome).toMatchObject({ status: 'verified', error: null });
    await rig.aRunner().rollback(idOf(outcome));
    expect(await rig.hotContents()).toEqual(before);
  });
});

async function endTimeOf(...outcomes: readonly (ActionOutcome | undefined)[]): Promise<void> {
  await database.pool.query(`update adaptations set expires_at = now() - interval '1 second' where id = any($1)`, [
    outcomes.map(idOf),
  ]);
}

function idOf(outcome: ActionOutcome | undefined): string {
  if (!outcome) throw new Error('the runner told of nothing');
  return outcome.id;
}
