import { expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { aChange } from '../decide/support/changes.ts';
import { systemClock } from '../kit/clock.ts';
import { openDatabase } from '../store/database.ts';
import { composeAnalyst } from './analyst.ts';
import { createReadings } from './readings.ts';

it('asks for the reading of a session until the job is durable, so that a batch that failed does not take it along', () => {
  const analyst = composeAnalyst({
    ...{ config: configured(), database: notAsked, clock: systemClock, log: silent },
    readings: createReadings(),
    cache: { find: async () => undefined, keep: async () => undefined },
    policy: { isWorthAnalysing: () => true, currentPolicy: never },
    decide: () => [],
    decided: () => undefined,
    findAnalysis: async () => undefined,
    publish: () => undefined,
  });
  const [change, other] = [aChange({ sessionId: 's1' }), aChange({ sessionId: 's2' })];
  const jobs = analyst.follow([change]);
  expect(jobs).toHaveLength(1);
  expect(analyst.follow([change])).toEqual(jobs);
  analyst.followed(jobs);
  expect(analyst.follow([change])).toEqual([]);
  expect(analyst.follow([other])).toHaveLength(1);
});

/** No connection is made before the first question. */
const notAsked = openDatabase({ url: 'postgresql://127.0.0.1:9/none', applicationName: 'test' });
const silent = { info: () => undefined, warn: () => undefined };

function configured() {
  const env = {
    CERBERUS_DATA_DIR: '/not-written',
    CERBERUS_LLM_PROVIDER: 'openai-compatible',
    CERBERUS_LLM_BASE_URL: 'http://127.0.0.1:9',
  };
  return readConfig({ env, flags: {}, readFile: never, cwd: '/', home: '/', projectDir: null });
}

function never(): never {
  throw Object.assign(new Error('there is no file'), { code: 'ENOENT' });
}
