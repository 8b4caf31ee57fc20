import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../test/support/free-port.ts';
import { readConfig } from '../config.ts';
import { withDatabase } from './open-for-command.ts';

it('a command ends with what is wrong and what to do, where its database stays away', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'cerberus-away-'));
  onTestFinished(() => rm(stateDir, { recursive: true }));
  const url = `postgresql://somebody:word@127.0.0.1:${await freePort()}/nothing`;
  const config = readConfig({
    ...{ flags: {}, cwd: stateDir, home: stateDir, projectDir: null, readFile: () => '' },
    env: { DATABASE_URL: url, CERBERUS_DATA_DIR: stateDir },
  });
  const asked = withDatabase({ config, stderr: new PassThrough(), role: 'test', patienceMs: 300 }, () => {
    throw new Error('there is no database to work on');
  });
  await expect(asked).rejects.toMatchObject({
    code: 'DATABASE_AWAY',
    detail: expect.stringMatching(/^Start it, or put DATABASE_URL right \(.*ECONNREFUSED/),
  });
});
