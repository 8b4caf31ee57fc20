import { hash } from 'node:crypto';
import type { Api } from './api.ts';

/** Longer answers are rare, and hashing them would hold the event loop up for a millisecond and more. */
const taggedCharactersMax = 1024 * 1024;
/** Who asks again and again: lists and statistics. */
const tagged: ReadonlySet<string> = new Set([
  ...['actions', 'adaptations', 'analyses', 'approvals', 'attackers', 'campaigns', 'decisions', 'events', 'feeds'],
  ...['lures', 'models', 'policy', 'searches', 'sensors', 'sessions', 'sources', 'stats'],
]);

/**
 * What a list or a statistic says gets a weak ETag of its text; who has it already is answered 304 without a body. The
 * database is asked all the same: this saves the way, not the work.
 */
export function installEtags(api: Api): void {
  api.addHook('onSend', async (request, reply, payload) => {
    const part = request.routeOptions.schema?.tags?.[0];
    if (request.method !== 'GET' || reply.statusCode !== 200 || part === undefined || !tagged.has(part)) return payload;
    if (typeof payload !== 'string' || payload.length > taggedCharactersMax) return payload;
    const etag = `W/"${hash('sha256', payload, 'base64url').slice(0, 22)}"`;
    // Kept by whoever asked alone, and asked for again each time: another person's answer may be another.
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    const vary = reply.getHeader('vary');
    void reply.header('vary', [...(vary === undefined ? [] : [vary]), 'authorization', 'cookie', 'accept'].join(', '));
    if (!holds(request.headers['if-none-match'], etag)) return payload;
    void reply.code(304).removeHeader('content-type');
    return null;
  });
}

/** `If-None-Match` compares weakly: `W/` counts for nothing. */
function holds(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  const opaque = etag.slice('W/'.length);
  return given.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === opaque);
}
