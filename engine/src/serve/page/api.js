// @ts-check

/**
 * What asking may give; a failure is a value, because each panel shows its own.
 * @template T
 * @typedef {{ kind: 'ready', value: T } | { kind: 'failed', status: number, message: string }} Answer
 */

const tokenKey = 'cerberus-token';

/** Of this tab alone, and gone with it. */
export const token = {
  read: () => sessionStorage.getItem(tokenKey),
  /** @param {string} secret */
  keep: (secret) => sessionStorage.setItem(tokenKey, secret),
  forget: () => sessionStorage.removeItem(tokenKey),
};

/**
 * @template T
 * @param {string} path
 * @returns {Promise<Answer<T>>} T is what the contract says of this path; the server checks its answers against it.
 */
export function get(path) {
  return ask(path, { method: 'GET' });
}

/**
 * @template T
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Answer<T>>}
 */
export function post(path, body) {
  return ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/**
 * @template T
 * @param {string} path
 * @param {{ method: string, headers?: Record<string, string>, body?: string }} request
 * @returns {Promise<Answer<T>>}
 */
async function ask(path, request) {
  try {
    const headers = { ...request.headers, authorization: `Bearer ${token.read() ?? ''}` };
    const answer = await fetch(path, { ...request, headers, signal: AbortSignal.timeout(15_000) });
    const said = await answer.json();
    if (answer.ok || isHealth(path, said)) return { kind: 'ready', value: said };
    const { code = 'no code', message = answer.statusText, details = [] } = said?.error ?? {};
    const more = details.map((/** @type {{ message: string }} */ detail) => detail.message).join(' ');
    return { kind: 'failed', status: answer.status, message: `${message} ${more} (${code})` };
  } catch {
    return { kind: 'failed', status: 0, message: 'The engine does not answer.' };
  }
}

/** An unhealthy engine answers 503 with a report that is worth showing. @param {string} path @param {any} said */
function isHealth(path, said) {
  return path === '/health' && typeof said?.database === 'string';
}
