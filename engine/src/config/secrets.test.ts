import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readConfig, readMasterKey } from '../config.ts';
import { seal } from './seal.ts';
import { faultsOf, sources } from './support/sources.ts';

const masterKey = 'correct horse battery staple';

describe('secrets', () => {
  it('come from a variable, from a file without its last line break, or sealed in config.ini', () => {
    const sealed = seal('AKIA1', 'AWS_ACCESS_KEY_ID', masterKey);
    const config = readConfig(
      sources({
        files: {
          '/here/config.ini': `[aws]\naccess_key_id = ${sealed}\n`,
          '/run/key': 'sk-1 \r\n',
          '/run/master': `${masterKey}\n`,
        },
        env: { OPENAI_API_KEY_FILE: '/run/key', AWS_SECRET_ACCESS_KEY: 'abc', CERBERUS_MASTER_KEY_FILE: '/run/master' },
      }),
    );
    expect(config.llm.apiKey?.reveal()).toBe('sk-1 ');
    expect(config.aws.secretAccessKey?.reveal()).toBe('abc');
    expect(config.aws.accessKeyId?.reveal()).toBe('AKIA1');
  });

  it('cannot be printed, neither by inspecting the configuration nor as JSON', () => {
    const config = readConfig(
      sources({ env: { OPENAI_API_KEY: 'hunter2', DATABASE_URL: 'postgres://u:hunter2@h/d' } }),
    );
    const shown = [inspect(config, { depth: 9 }), JSON.stringify(config), `${config.llm.apiKey}`];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(`${config.database.url}`).toBe('[secret]');
  });

  it('do not appear in a fault about them', () => {
    const faults = faultsOf(
      sources({ env: { DATABASE_URL: 'hunter2', CERBERUS_MASTER_KEY: 'hunter2', OPENAI_API_KEY: 'enc:v1:hunter2' } }),
    );
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  it.each([
    { description: 'under another master key', env: { OPENAI_API_KEY: seal('x', 'OPENAI_API_KEY', `${masterKey}!`) } },
    { description: 'for another setting', env: { OPENAI_API_KEY: seal('x', 'AWS_ACCESS_KEY_ID', masterKey) } },
    { description: 'in another form', env: { OPENAI_API_KEY: 'enc:v2:AAAA' } },
  ])('sealed $description are refused', ({ env }) => {
    const [fault, ...rest] = faultsOf(sources({ env: { ...env, CERBERUS_MASTER_KEY: masterKey } }));
    expect(fault).toMatch(/^the variable OPENAI_API_KEY: A secret cannot be sealed or opened/);
    expect(rest).toEqual([]);
  });

  it('sealed without a master key say which variable is missing', () => {
    expect(faultsOf(sources({ env: { OPENAI_API_KEY: seal('x', 'OPENAI_API_KEY', masterKey) } }))[0]).toContain(
      'set CERBERUS_MASTER_KEY or CERBERUS_MASTER_KEY_FILE',
    );
  });

  it('can be sealed while the rest of the configuration has faults: the master key is read alone', () => {
    const env = { PORT: 'x', CERBERUS_MASTER_KEY_FILE: '/run/master' };
    expect(readMasterKey(sources({ env, files: { '/run/master': `${masterKey}\n` } }))?.reveal()).toBe(masterKey);
    expect(readMasterKey(sources({}))).toBeNull();
    expect(() => readMasterKey(sources({ env: { CERBERUS_MASTER_KEY: 'short' } }))).toThrow('at least 16 characters');
    expect(() => readMasterKey(sources({ env }))).toThrow('/run/master');
  });

  it('given twice, empty or in a file that is missing are faults', () => {
    const faults = faultsOf(
      sources({
        files: { '/run/empty': '\n' },
        env: {
          OPENAI_API_KEY: 'a',
          OPENAI_API_KEY_FILE: '/b',
          DATABASE_URL_FILE: '/none',
          AWS_ACCESS_KEY_ID_FILE: '/run/empty',
        },
      }),
    );
    expect(faults).toHaveLength(3);
    for (const text of ['both are set', 'came an empty file', 'cannot be read (no such file)']) {
      expect(faults.join('\n')).toContain(text);
    }
  });
});
