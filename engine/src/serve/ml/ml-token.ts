import { createHash, timingSafeEqual } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Secret } from '../../kit/secret.ts';
import type { Api } from '../api.ts';

/** Asks for one shared token where one is set; `/health` stays open. */
export function installMlToken(api: Api, token: Secret | null): void {
  if (token === null) return;
  const expected = digest(token.reveal());
  api.addHook('onRequest', async function checkToken(request) {
    if (request.routeOptions.url === '/health') return;
    const offered = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(offered), expected)) return;
    throw new CerberusError('UNAUTHENTICATED', 'Send the token that CERBERUS_ML_TOKEN holds.');
  });
}

/** Of one length whatever was offered, so that comparing tells nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
