import type { ErrorBody } from '@cerberusmesh/contract/api';
import createClient from 'openapi-fetch';
import type { PathsWithMethod } from 'openapi-typescript-helpers';
import { takeEarly } from './early.ts';
import { entrance } from './entrance.ts';
import type { paths } from './paths.ts';

const timeoutMs = 15_000;

/** The API said no; `code` is the catalogue's. Status 0: nobody answered. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiFault';
    this.status = status;
    this.code = code;
  }
}

/**
 * The API by its OpenAPI: addresses, parameters, bodies and answers are typed by `paths.ts`. The server checks its own
 * answers against the same schemas, so they are not checked again here. Throws ApiFault.
 */
export const api = createClient<paths>({ fetch: askServer });

/** What was asked for. @throws ApiFault */
export async function dataOf<T>(asked: Promise<{ data?: T }>): Promise<T> {
  const { data } = await asked;
  if (data === undefined) throw new ApiFault(200, 'NO_CODE', 'The engine answered with nothing.');
  return data;
}

/** What a route takes as the body of a POST. */
export type PostBody<Path extends PathsWithMethod<paths, 'post'>> = paths[Path]['post'] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : never;

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** Whether the engine takes this token. @throws ApiFault where it does not. */
export async function tryToken(secret: string): Promise<void> {
  await api.GET('/status', { headers: { authorization: `Bearer ${secret}` } });
}

/** What lets us in, as headers. */
export function credentials(secret: string | null): Record<string, string> {
  const csrf = entrance.csrfToken();
  if (secret !== null) return { authorization: `Bearer ${secret}` };
  return csrf === null ? {} : { 'x-csrf-token': csrf };
}

async function askServer(request: Request): Promise<Response> {
  const secret = entrance.token();
  for (const [name, value] of Object.entries(credentials(secret))) {
    if (!request.headers.has(name)) request.headers.set(name, value);
  }
  const asked = takeEarly(request) ?? fetch(request, { signal: AbortSignal.timeout(timeoutMs) });
  const answer = await asked.catch(() => {
    throw new ApiFault(0, 'NO_ANSWER', 'The engine does not answer.');
  });
  // An unhealthy engine answers 503 with a report that is worth showing.
  if (answer.ok || (answer.status === 503 && new URL(request.url).pathname === '/health')) return answer;
  throw await faultOf(answer, secret);
}

async function faultOf(answer: Response, secret: string | null): Promise<ApiFault> {
  const said: unknown = await answer.json().catch(() => undefined);
  // `as`: what is no error of ours lacks these names, and every one of them is looked for.
  const { error } = (said ?? {}) as Partial<ErrorBody>;
  // Only the one that was refused: an answer that was long under way says nothing of a token given since.
  if (error?.code === 'UNAUTHENTICATED' && entrance.token() === secret) entrance.close();
  const details = error?.details?.map((detail) => `${detail.path}: ${detail.message}`).join('; ') ?? '';
  return new ApiFault(
    answer.status,
    error?.code ?? 'NO_CODE',
    [error?.message ?? answer.statusText, details].join(' ').trim(),
  );
}
