import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plantTrap } from '../src/trap.ts';
import { ssh } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { openTerminal } from './support/terminal.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

const text = '[default]\naws_access_key_id = AKIAEXAMPLE\n';
const file = {
  path: '/root/.aws/credentials',
  content: Buffer.from(text).toString('base64'),
  mode: 0o600,
  ageDays: 12,
};

it('a trap appears under a running session (how soon: `bench -- decoy`), and ls, find, cat, wc and stat agree on it', async () => {
  const terminal = await openTerminal(test.port);
  await terminal.type('ls -d /root/.aws');
  const report = await plantTrap(test.decoy.ground, { kind: 'trap', id: 'one', address: '127.0.0.1', files: [file] });
  expect(report).toMatchObject({
    worlds: 1,
    sights: [{ path: file.path, sha256: createHash('sha256').update(text).digest('hex'), sizeShown: text.length }],
  });
  const shown = await terminal.type(
    'ls -l /root/.aws; find /root -name credentials; cat /root/.aws/credentials; wc -c /root/.aws/credentials; stat -c "%s %a" /root/.aws/credentials',
  );
  expect(shown).toContain(`root root ${text.length} `);
  expect(shown).toContain('/root/.aws/credentials\r\n[default]\r\naws_access_key_id = AKIAEXAMPLE');
  expect(shown).toContain(`${text.length} 600`);
  terminal.close();
});

it('it is there in his next session, and for nobody whom it was not for', async () => {
  expect((await ssh(test.port, 'cat /root/.aws/credentials')).stdout).toBe(text);
  const { worlds } = test.decoy.ground;
  const other = await worlds.enter('203.0.113.5');
  expect(other.world.find(file.path)).toBeUndefined();
  worlds.leave(other.key);
});
