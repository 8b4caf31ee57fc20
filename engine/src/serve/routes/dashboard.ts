import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Api } from '../api.ts';
import { staticRateLimit } from '../shields.ts';

const shown = /\.(?:html|css|js|svg|json)$/;
/** Plays what attackers wrote in a terminal emulator: may draw, and nothing else; nor be where our page is not. */
const framePage = 'replay.html';
const framePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  'sandbox allow-scripts',
  "frame-ancestors 'self'",
].join('; ');
const notBuilt =
  '<!doctype html><title>CerberusMesh</title><p>The dashboard is not built. Run <code>npm run build</code>, then load this page again. The API at <a href="/api/">/api/</a> answers.';

/**
 * The dashboard at `/`. Each of its files gets a route of its own, so nothing that is asked for can become a path; they
 * are open, because they hold nothing but themselves: what they show they ask for with a person's token.
 */
export async function addDashboard(api: Api, folder: string): Promise<void> {
  const config = { access: 'open', ...staticRateLimit } as const;
  if (!existsSync(join(folder, 'index.html'))) {
    api.get('/', { config, schema: { hide: true } }, async (_request, reply) => {
      return await reply.status(503).type('text/html; charset=utf-8').send(notBuilt);
    });
    return;
  }
  await api.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, preCompressed: true });
  for (const name of await listFiles(folder)) {
    // Names below assets/ hold a hash of their content; the rest is always asked again, answered 304 by its ETag.
    const caching = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    api.get(name === 'index.html' ? '/' : `/${name}`, { config, schema: { hide: true } }, async (_request, reply) => {
      if (name === framePage) void reply.header('content-security-policy', framePolicy);
      // The frame has no origin, so its own scripts are another's to it. They are nobody's secret.
      else if (name.startsWith('assets/')) void reply.header('access-control-allow-origin', '*');
      return await reply.header('cache-control', caching).sendFile(name);
    });
  }
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && shown.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
