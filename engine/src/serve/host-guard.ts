import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Api, ServeConfig } from './api.ts';

/**
 * A page of a stranger may point its own name at 127.0.0.1 and then talk to us as if we were its server (DNS
 * rebinding). So a server on loopback answers only to loopback's names. Elsewhere the name cannot be known, and
 * every answer of worth needs a token, which such a page does not have.
 */
export function installHostGuard(api: Api, { host, allowedHosts }: ServeConfig): void {
  if (!isLoopback(host)) return;
  const allowed = new Set(['localhost', '127.0.0.1', '[::1]', bracketed(host), ...allowedHosts].map(lowerCase));
  api.addHook('onRequest', async function guardHost(request) {
    const name = lowerCase(request.host).replace(/:\d+$/, '');
    if (allowed.has(name)) return;
    throw new CerberusError('WRONG_HOST', 'Use localhost, or name the host in the configuration.');
  });
}

/** Of the names that a server may listen on; nothing is looked up. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}
