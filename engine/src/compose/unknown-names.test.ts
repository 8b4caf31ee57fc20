import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { readConfig } from '../config.ts';
import { checkPolicy } from '../decide/read-policy.ts';
import { readPolicyFile } from './compose-decide.ts';
import { projectDir } from './project.ts';
import { warnOfUnknownNames } from './unknown-names.ts';

const defaultFile = join(projectDir, 'policy', 'decisions', 'default.json');
const why = 'Because.';
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
}, 60_000);
afterAll(() => database.drop());

it('a policy’s names that nothing is called are warned of, one by one, and those of the default policy are all known', async () => {
  const when = { techniquesAny: ['T9999', 'T1059'], attackTypesAny: ['xyzzy'] };
  const rules = [{ id: 'r', why, when, decision: 'insert_trap', adaptations: ['SSH_KEYS'] }];
  expect(await warningsOf({ version: '1', rules })).toEqual([
    expect.stringMatching(/^The policy's rule "r" names an attack type that nothing is called: .*"xyzzy"/),
    expect.stringMatching(/^The policy's rule "r" names the technique T9999/),
  ]);
  const { policy } = await readPolicyFile(defaultFile);
  expect(await warningsOf(policy, { CERBERUS_POLICY_FILE: undefined })).toEqual([]);
});

it('a policy’s sensors and keys that this installation has none of are warned of, and a rule that has nobody to tell', async () => {
  const guards = { lockDownSensors: ['web-1', 'web-2'] };
  const rules = [
    { id: 'here', why, when: { sensorsAny: ['web-1', 'web-3'] }, decision: 'rotate_key', parameters: { key: 'shop' } },
    { id: 'tell', why, when: {}, decision: 'escalate' },
  ];
  const asked = { version: '1', guards, rules };
  expect(await warningsOf(asked)).toEqual([
    expect.stringContaining(`guards.lockDownSensors names the sensor "web-1"`),
    expect.stringContaining(`guards.lockDownSensors names the sensor "web-2"`),
    expect.stringContaining(`rule "here" names the sensor "web-1"`),
    expect.stringContaining(`rule "here" names the sensor "web-3"`),
    expect.stringContaining(`rule "here" rotates the managed key "shop"`),
    expect.stringContaining(`rule "tell" tells people, and no channel is configured`),
  ]);
  await database.pool.query(`insert into sensors (sensor, kind, place) values ('web-1', 'mesh', '')`);
  await database.pool.query(`insert into rollup_hours values (now(), 'web-2', 'x', 'LOW', 1)`);
  expect(await warningsOf(asked, { CERBERUS_SYSLOG_URL: 'udp://127.0.0.1:514' })).toEqual([
    expect.stringContaining(`rule "here" names the sensor "web-3"`),
    expect.stringContaining(`rule "here" rotates the managed key "shop"`),
  ]);
});

it('a policy’s plugins that the folder has no action of are warned of', async () => {
  const run = (id: string, plugin: object) => ({
    ...{ id, why, when: {}, decision: 'insert_trap', adaptations: ['SSH_KEYS'], also: ['plugin'] },
    alsoParameters: { plugin },
  });
  const asked = {
    version: '1',
    rules: [run('known', { plugin: 'note-to-file' }), run('other', { plugin: 'page-me' }), run('all', {})],
  };
  const folder = join(projectDir, 'examples', 'plugins');
  expect(await warningsOf(asked, { CERBERUS_PLUGINS_DIR: folder })).toEqual([
    expect.stringContaining(
      'rule "other" runs the plugin "page-me", and no action in CERBERUS_PLUGINS_DIR is called so',
    ),
  ]);
  expect(await warningsOf({ version: '1', rules: [run('all', {})] })).toEqual([
    expect.stringContaining('rule "all" runs your own actions, and CERBERUS_PLUGINS_DIR has none'),
  ]);
});

async function warningsOf(policy: unknown, env: Record<string, string | undefined> = {}): Promise<string[]> {
  const said: string[] = [];
  const log = { warn: (_fields: object, sentence: string) => said.push(sentence) };
  const config = readConfig({
    ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
    env: { CERBERUS_POLICY_FILE: '/policy.json', ...env },
  });
  await warnOfUnknownNames(checkPolicy(policy, 'test'), { file: 'policy.json', config, pool: database.pool, log });
  return said;
}
