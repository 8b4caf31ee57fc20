import { AnalystReading, AttackSophistication, BehavioralPattern } from '@cerberusmesh/contract/analysis';
import { DecisionKind } from '@cerberusmesh/contract/decision';
import type { APICallError, LanguageModel } from 'ai';
import { createBoundedFetch } from '../../kit/bounded-fetch.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import type { Secret } from '../../kit/secret.ts';
import type { Prompt } from './prompt.ts';

export interface ModelChoice {
  readonly provider: 'openai' | 'anthropic' | 'openai-compatible';
  readonly model: string;
  readonly apiKey: Secret | null;
  /** Needed for `openai-compatible`; null is the provider's own. */
  readonly baseUrl: string | null;
  readonly temperature: number;
  readonly timeoutSeconds: number;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * `failed`: the provider did not answer, or with an error; where `isWorthRetrying`, later may do. `endless`: it answered more
 * than is read, which a visitor may have talked the model into, so it says nothing about the provider. `late`: no whole answer
 * in time, which may be the one or the other.
 */
export type ModelAnswer =
  | { readonly kind: 'answered'; readonly text: string; readonly usage: ModelUsage }
  | { readonly kind: 'endless'; readonly why: string }
  | { readonly kind: 'late'; readonly why: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly isWorthRetrying: boolean;
      /** What the provider asked for, in its Retry-After. */
      readonly retryAfterSeconds: number | null;
      /** It had begun to answer, or may have: whoever is paid by tokens counts them. */
      readonly mayCost: boolean;
    };

export type AskModel = (prompt: Prompt, signal: AbortSignal) => Promise<ModelAnswer>;

export const outputTokensMax = 1500;
/** Some 90 bytes for each token that is asked for, with as much thinking around them. Past it the connection is closed. */
const answerBytesMax = 128 * 1024;

/**
 * The form of the answer as providers take it. Without bounds of numbers and lengths, which some refuse; the
 * contract's schema checks the answer whatever the provider promises.
 */
const answerForm = {
  type: 'object' as const,
  additionalProperties: false,
  required: Object.keys(AnalystReading.shape),
  properties: {
    threat_score: { type: 'number' as const },
    severity: { type: 'string' as const, enum: [...AnalystReading.shape.severity.options] },
    behavioral_patterns: listOf({ type: 'string', enum: [...BehavioralPattern.options] }),
    attack_sophistication: { type: 'string' as const, enum: [...AttackSophistication.options] },
    recommended_action: { type: 'string' as const, enum: [...DecisionKind.options] },
    confidence: { type: 'number' as const },
    reasoning: { type: 'string' as const },
    indicators_of_compromise: listOf({ type: 'string' }),
  },
};

/**
 * A language model behind the AI SDK, which is loaded with the first question. One question is one request: repeating
 * belongs to the caller, who counts requests. Never throws for what the provider does.
 */
export function createLanguageModel(choice: ModelChoice): AskModel {
  let opened: Promise<LanguageModel> | undefined;
  // gpt-4, the seed's default, and some servers know no schema: told once, from then on asked in words only.
  let takesSchema = true;

  return async function ask(prompt, signal) {
    opened ??= openModel(choice);
    const model = await opened;
    const answer = await askOnce(model, prompt, signal, takesSchema);
    if (
      answer.kind !== 'failed' ||
      !takesSchema ||
      !/response_format|json_schema|structured output/i.test(answer.why)
    ) {
      return answer;
    }
    takesSchema = false;
    return await askOnce(model, prompt, signal, takesSchema);
  };

  async function askOnce(
    model: LanguageModel,
    prompt: Prompt,
    signal: AbortSignal,
    withSchema: boolean,
  ): Promise<ModelAnswer> {
    const { generateText, jsonSchema, Output, APICallError, NoObjectGeneratedError } = await import('ai');
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(choice.timeoutSeconds * 1000)]);
    const question = {
      model,
      instructions: prompt.instructions,
      prompt: prompt.question,
      temperature: choice.temperature,
      maxOutputTokens: outputTokensMax,
      maxRetries: 0,
      abortSignal: deadline,
    };
    try {
      const { text, usage } = withSchema
        ? await generateText({
            ...question,
            output: Output.object({ schema: jsonSchema(answerForm), name: 'reading' }),
          })
        : await generateText(question);
      return { kind: 'answered', text, usage: usageOf(usage) };
    } catch (error) {
      // An answer that is no JSON is an answer; whoever asked judges it.
      if (NoObjectGeneratedError.isInstance(error)) {
        return { kind: 'answered', text: error.text ?? '', usage: usageOf(error.usage) };
      }
      if (deadline.aborted) {
        return { kind: 'late', why: `no whole answer within ${choice.timeoutSeconds} seconds` };
      }
      return APICallError.isInstance(error) ? tellRefusal(error) : { ...failed, why: reasonOf(error) };
    }
  }
}

const failed = { kind: 'failed' as const, isWorthRetrying: false, retryAfterSeconds: null, mayCost: false };
/** A key, an address or a model that is not right yet: somebody puts it right, and the session can still be read. */
const notRightYet: readonly number[] = [401, 403, 404];

function tellRefusal({ statusCode, message, cause, isRetryable, responseHeaders }: APICallError): ModelAnswer {
  // A proxy's page, an answer without its end: about the other side, and not about what was asked. What it holds is not told on.
  if (statusCode !== undefined && statusCode < 300) {
    const tooLarge = /the answer is larger than \d+ bytes/.exec(reasonOf(cause))?.[0];
    if (tooLarge !== undefined) return { kind: 'endless', why: tooLarge };
    return { ...failed, why: `${statusCode}, and an answer that cannot be read`, isWorthRetrying: true, mayCost: true };
  }
  return {
    ...failed,
    why: `${statusCode ?? 'no answer'}: ${message.slice(0, 300)}`,
    isWorthRetrying: isRetryable || notRightYet.includes(statusCode ?? 0),
    retryAfterSeconds: readRetryAfter(responseHeaders?.['retry-after']),
  };
}

async function openModel({ provider, model, apiKey, baseUrl }: ModelChoice): Promise<LanguageModel> {
  // The SDK writes its warnings to the console, past our log; what matters of them is in the answer.
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const settings = {
    fetch: createBoundedFetch(answerBytesMax),
    ...(apiKey === null ? {} : { apiKey: apiKey.reveal() }),
  };
  const at = baseUrl === null ? {} : { baseURL: baseUrl };
  switch (provider) {
    case 'openai':
      return (await import('@ai-sdk/openai')).createOpenAI({ ...settings, ...at }).chat(model);
    case 'anthropic':
      return (await import('@ai-sdk/anthropic')).createAnthropic({ ...settings, ...at })(model);
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
      const compatible = { ...settings, name: 'compatible', baseURL: baseUrl ?? '', supportsStructuredOutputs: true };
      return createOpenAICompatible(compatible)(model);
    }
  }
}

function usageOf(
  usage: { inputTokens?: number | undefined; outputTokens?: number | undefined } | undefined,
): ModelUsage {
  return { inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0 };
}

/** Seconds, or a date. */
function readRetryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = /^\d{1,6}$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}

function listOf<Items extends object>(items: Items) {
  return { type: 'array' as const, items };
}
