import { type BatchRequest, BatchResponse, MlHealth } from '@cerberusmesh/contract/ml';
import { readBounded } from './read-bounded.ts';

export interface MlClient {
  /** @throws where the service is away, slow, or answers what nobody asked for. */
  assess(request: BatchRequest): Promise<BatchResponse>;
  /** @throws where it does not answer as a classifier in health does. */
  ping(signal: AbortSignal): Promise<void>;
}

/** An assessment has at most a few KB of reasons. */
const answerBytesMax = 32 * 1024 * 1024;
const pingTimeoutMs = 2000;

/** Talks to `cerberus ml`. Connections are kept alive by Node's fetch. */
export function createMlClient(options: {
  readonly url: string;
  readonly token: string | undefined;
  readonly timeoutMs: number;
}): MlClient {
  const base = options.url.replace(/\/+$/, '');
  const headers = {
    'content-type': 'application/json',
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
  };

  return {
    async assess(request) {
      const body = JSON.stringify(request);
      const answer = await ask('/classify/batch', { method: 'POST', headers, body }, options.timeoutMs);
      const response = BatchResponse.parse(answer);
      const { assessments, oddestLogins } = response;
      if (assessments.length === request.events.length && oddestLogins.length === assessments.length) return response;
      throw new Error(`Expected ${request.events.length} assessments, came ${assessments.length}.`);
    },
    async ping(signal) {
      MlHealth.parse(await ask('/health', { headers, signal }, pingTimeoutMs));
    },
  };

  async function ask(path: string, init: RequestInit, timeoutMs: number): Promise<unknown> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([timeout, init.signal]) : timeout;
    const response = await fetch(`${base}${path}`, { ...init, signal, redirect: 'error' });
    const text = await readBounded(response, answerBytesMax);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }
}
