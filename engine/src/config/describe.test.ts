import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { describeConfig, settingsWithoutEffect } from './describe.ts';
import { allSettings } from './settings.ts';
import { sources } from './support/sources.ts';

it('each variable belongs to one setting', () => {
  const names = allSettings.map(({ env }) => env);
  expect(names).toEqual([...new Set(names)]);
});

describe('the description of the effective settings', () => {
  it('lists every setting with its place in config.ini, its variable, its value and its origin', () => {
    const config = readConfig(sources({ env: { PORT: '1', OPENAI_API_KEY: 'x' } }));
    expect(describeConfig(config)).toHaveLength(allSettings.length);
    expect(describeConfig(config)).toContainEqual(
      expect.objectContaining({
        name: '[http] port',
        env: 'PORT',
        value: '1',
        origin: 'the variable PORT',
        isUsed: true,
      }),
    );
    expect(describeConfig(config)).toContainEqual(
      expect.objectContaining({ env: 'OPENAI_API_KEY', value: '[secret]' }),
    );
  });

  it('names what was set although nothing reads it yet', () => {
    const config = readConfig(sources({ env: { REDIS_HOST: 'r', PORT: '1' } }));
    expect(settingsWithoutEffect(config).map(({ env }) => env)).toEqual(['REDIS_HOST']);
  });
});
