import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const llm = z.strictObject({
  provider: value.llmProvider.default('openai').register(settingNotes, {
    env: 'CERBERUS_LLM_PROVIDER',
    help: 'openai, anthropic, or openai-compatible for any server of that kind, such as Ollama or vLLM.',
    example: 'openai-compatible',
  }),
  baseUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_LLM_BASE_URL',
    help: "Address of the language model's API; by default the provider's own. openai-compatible needs it.",
    example: 'http://127.0.0.1:11434/v1',
  }),
  apiKey: value.secret.nullable().default(null).register(settingNotes, {
    env: 'OPENAI_API_KEY',
    help: 'Key of the language model; without it (and without an address) no model is asked.',
    example: 'sk-…',
    treat: 'secret',
  }),
  model: value.text.default('gpt-4').register(settingNotes, {
    env: 'CERBERUS_LLM_MODEL',
    help: 'Name of the language model.',
    example: 'gpt-4',
  }),
  temperature: value.number(0, 2).default(0.2).register(settingNotes, {
    env: 'CERBERUS_LLM_TEMP',
    help: 'Temperature of the language model.',
    example: '0.2',
  }),
  timeoutSeconds: value.wholeNumber(1, 50).default(45).register(settingNotes, {
    env: 'CERBERUS_LLM_TIMEOUT_SECONDS',
    help: 'How long one answer of the language model may take.',
    example: '45',
  }),
  requestsPerHour: value.wholeNumber(0, 1_000_000).default(60).register(settingNotes, {
    env: 'CERBERUS_LLM_REQUESTS_PER_HOUR',
    help: 'Requests to the language model in one hour, over all processes.',
    example: '60',
  }),
  requestsPerDay: value.wholeNumber(0, 1_000_000).default(500).register(settingNotes, {
    env: 'CERBERUS_LLM_REQUESTS_PER_DAY',
    help: 'Requests to the language model in 24 hours.',
    example: '500',
  }),
  tokensPerHour: value.wholeNumber(0, 1_000_000_000).default(400_000).register(settingNotes, {
    env: 'CERBERUS_LLM_TOKENS_PER_HOUR',
    help: 'Tokens, of questions and answers, in one hour.',
    example: '400000',
  }),
  tokensPerDay: value.wholeNumber(0, 1_000_000_000).default(3_000_000).register(settingNotes, {
    env: 'CERBERUS_LLM_TOKENS_PER_DAY',
    help: 'Tokens, of questions and answers, in 24 hours.',
    example: '3000000',
  }),
});
