import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Api } from '../api.ts';
import { staticRateLimit } from '../shields.ts';

const folder = join(import.meta.dirname, '..', 'page');

/**
 * The page at `/`. Each of its files gets a route of its own, so nothing that is asked for can become a path; it is
 * open, because it holds nothing but itself: what it shows it asks for with the token that a person gives it.
 */
export async function addPage(api: Api): Promise<void> {
  await api.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
  const names = (await readdir(folder)).filter((name) => /^[a-z-]+\.(html|css|js|svg)$/.test(name));
  for (const name of names) {
    api.get(
      name === 'index.html' ? '/' : `/page/${name}`,
      { config: { access: 'open', ...staticRateLimit }, schema: { hide: true } },
      // Always asked again, answered 304 by its ETag: after an update no browser runs half of the old page.
      async (_request, reply) => await reply.header('cache-control', 'no-cache').sendFile(name),
    );
  }
}
