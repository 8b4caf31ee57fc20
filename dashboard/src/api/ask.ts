import type { ErrorBody } from '@cerberusmesh/contract/api';
import { entrance } from './entrance.ts';

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

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Asks the API. T is what the contract says of this address; the server checks its own answers against it.
 * @throws ApiFault
 */
export async function get<T>(path: string, parameters: Parameters = {}): Promise<T> {
  return await ask<T>(questionOf(path, parameters), { method: 'GET' });
}

export function questionOf(path: string, parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const question = search.toString();
  return question === '' ? path : `${path}?${question}`;
}

/** Whether the engine takes this token. @throws ApiFault where it does not. */
export async function tryToken(secret: string): Promise<void> {
  await ask('/status', { method: 'GET', headers: { authorization: `Bearer ${secret}` } });
}

/** @throws ApiFault */
export async function post<T>(path: string, body: object): Promise<T> {
  return await ask<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** @throws ApiFault */
export async function remove<T>(path: string): Promise<T> {
  return await ask<T>(path, { method: 'DELETE' });
}

/** A recording, which is no JSON. @throws ApiFault */
export async function getText(path: string): Promise<string> {
  const answer = await fetch(path, { headers: credentials(entrance.token()), signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok) throw new ApiFault(answer.status, answer.status === 404 ? 'NOT_FOUND' : 'NO_CODE', answer.statusText);
  return await answer.text();
}

/** What lets us in, as headers. */
export function credentials(secret: string | null): Record<string, string> {
  const csrf = entrance.csrfToken();
  if (secret !== null) return { authorization: `Bearer ${secret}` };
  return csrf === null ? {} : { 'x-csrf-token': csrf };
}

async function ask<T>(path: string, request: RequestInit & { headers?: Record<string, string> }): Promise<T> {
  const secret = entrance.token();
  const headers = { ...credentials(secret), ...request.headers };
  const answer = await fetch(path, { ...request, headers, signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
    throw new ApiFault(0, 'NO_ANSWER', 'The engine does not answer.');
  });
  const said: unknown = await answer.json().catch(() => undefined);
  // An unhealthy engine answers 503 with a report that is worth showing.
  // `as`: the server holds its answers to the contract, and a second check here would be a second copy of zod.
  if (answer.ok || (path === '/health' && said !== undefined)) return said as T;
  const { error } = (said ?? {}) as Partial<ErrorBody>;
  // Only the one that was refused: an answer that was long under way says nothing of a token given since.
  if (error?.code === 'UNAUTHENTICATED' && entrance.token() === secret) entrance.close();
  const details = error?.details?.map((detail) => `${detail.path}: ${detail.message}`).join('; ') ?? '';
  throw new ApiFault(
    answer.status,
    error?.code ?? 'NO_CODE',
    [error?.message ?? answer.statusText, details].join(' ').trim(),
  );
}
