import { ErrorBody } from '@cerberusmesh/contract/api';
import { HealthReport, RealtimeFigures, StatusReport } from '@cerberusmesh/contract/api-health';
import { z } from 'zod';
import type { Api } from '../api.ts';
import { staticRateLimit } from '../shields.ts';

/** prom-client's Registry, as far as it is needed. */
export interface MetricsText {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface Operations {
  readonly health: () => Promise<HealthReport>;
  readonly status: () => Promise<StatusReport>;
  readonly figures: () => Promise<RealtimeFigures>;
  readonly metrics: MetricsText;
}

/** The first seed's monitoring addresses. */
export function addOperationRoutes(api: Api, { health, status, figures, metrics }: Operations): void {
  api.get(
    '/health',
    {
      config: { access: 'open', ...staticRateLimit },
      schema: {
        tags: ['operations'],
        summary: 'Whether the engine works; 503 where it cannot store events. Open, and without secrets',
        response: { 200: HealthReport, 503: HealthReport },
      },
    },
    async (_request, reply) => {
      const report = await health();
      return await reply.status(report.status === 'unhealthy' ? 503 : 200).send(report);
    },
  );

  api.get(
    '/status',
    {
      config: { access: 'viewer' },
      schema: { tags: ['operations'], summary: 'What runs here', response: { 200: StatusReport, default: ErrorBody } },
    },
    async () => await status(),
  );

  api.get(
    '/metrics',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['operations'],
        summary: 'Prometheus text; figures for people with Accept: application/json',
        response: { 200: z.union([RealtimeFigures, z.string()]), default: ErrorBody },
      },
    },
    async (request, reply) => {
      if (wantsJson(request.headers.accept)) return await figures();
      const text = await metrics.metrics();
      // Already text: the schema's serializer would put it into quotes.
      return await reply.type(metrics.contentType).serializer(String).send(text);
    },
  );
}

function wantsJson(accept: string | undefined): boolean {
  return accept?.includes('application/json') ?? false;
}
