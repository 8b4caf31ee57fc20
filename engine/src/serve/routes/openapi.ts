import { ingestEventSchema } from '@cerberusmesh/contract/api-ingest';
import swagger from '@fastify/swagger';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Api } from '../api.ts';
import { renderReference } from '../reference.ts';
import { staticRateLimit } from '../shields.ts';

/** OpenAPI 3.1 of the very schemas that check the requests, and a page that says the same to people. Both are open. */
export async function addOpenApi(api: Api, version: string): Promise<void> {
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'CerberusMesh',
        version,
        description: 'Events, sessions, attackers, decisions and adaptations of a honeynet.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'cm_…' } } },
      security: [{ token: [] }],
    },
    transform: (input) => {
      const { schema, url } = jsonSchemaTransform(input);
      const access = input.route.config?.access;
      const security = access === 'open' ? [] : [{ token: [] }];
      return { url, schema: { ...schema, security, ...{ 'x-role': access ?? null } } };
    },
  });
  const config = { access: 'open', ...staticRateLimit } as const;
  api.get('/api/openapi.json', { config, schema: { hide: true } }, async () => api.swagger());
  api.get('/api/schemas/ingest-event.json', { config, schema: { hide: true } }, async () => ingestEventSchema);
  for (const url of ['/api', '/api/']) {
    api.get(url, { config, schema: { hide: true } }, async (_request, reply) => {
      return await reply.type('text/html; charset=utf-8').send(renderReference(api.swagger()));
    });
  }
}
