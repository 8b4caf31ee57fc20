import { expect, it } from 'vitest';
import { type ConfigSources, readConfig } from '../config.ts';
import { exampleIni } from './example-ini.ts';

it('deploy/config.example.ini lists every setting (update it with: npx vitest run engine/src/config -u)', async () => {
  await expect(exampleIni()).toMatchFileSnapshot('../../../deploy/config.example.ini');
});

it('it works as it is, and every example in it is a value that is taken', () => {
  const defaults = read('');
  expect(read(exampleIni())).toMatchObject({
    http: defaults.http,
    agent: defaults.agent,
    adaptation: defaults.adaptation,
  });
  const all = read(exampleIni().replace(/^#(\w+ = )/gm, '$1'));
  expect(all.database.url?.reveal()).toBe('postgresql://honeynet:password@localhost:5432/honeynet');
  expect(Object.keys(all.origins).length).toBeGreaterThan(30);
});

function read(ini: string) {
  const sources: ConfigSources = {
    env: {},
    flags: {},
    readFile: () => ini,
    cwd: '/here',
    home: '/home/me',
    projectDir: null,
  };
  return readConfig(sources);
}
