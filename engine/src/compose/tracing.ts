import type { Attributes, Span, SpanContext } from '@opentelemetry/api';
import { z } from 'zod';
import { reasonOf } from '../kit/reason-of.ts';
import type { Pipeline } from '../pipeline.ts';
import { version } from './project.ts';
import type { JobHandler, Postponed } from './run-jobs.ts';

/** One trace for each batch, from its lines to what its decisions had done. */
export interface Tracing {
  traced(pipeline: Pipeline): Pipeline;
  /** For a job whose payload is a decision: it belongs to the trace that the decision was made in. */
  tracedJob(name: string, handle: JobHandler): JobHandler;
  /** Sends what is left. */
  close(): Promise<void>;
}

const off: Tracing = { traced: (pipeline) => pipeline, tracedJob: (_name, handle) => handle, close: async () => {} };

/** A decision is carried out soon, by this process or by another; older ones begin a trace of their own. */
const decisionsRemembered = 1000;
/** In all, retries too: the end of the program waits for the last ones. */
const timeoutMillis = 2_000;
const OfDecision = z.object({ id: z.string() });

/**
 * Sends traces to `url` by OTLP over HTTP; with null nothing is loaded and nothing is done. What attackers wrote is never in
 * one. A receiver that is away costs the traces and nothing else.
 */
export async function openTracing(url: string | null): Promise<Tracing> {
  if (url === null) return off;
  const { ROOT_CONTEXT, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'cerberusmesh', 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url, timeoutMillis }) })],
  });
  const tracer = provider.getTracer('cerberusmesh', version);
  const made = new Map<string, SpanContext>();

  return {
    traced: (pipeline) => ({
      ...pipeline,
      async onLines(batch, source) {
        const about = { 'cerberus.source.kind': source.kind, 'cerberus.lines': batch.lines.length };
        return await within('lines', undefined, about, async (whole) => {
          const parent = whole.spanContext();
          const assessed = await within('assess', parent, {}, () => pipeline.assessLines(batch, source));
          for (const { id, decision, rule, verdict, sensor } of assessed.decisions) {
            const told = { decision, rule, verdict, sensor };
            await within('decide', parent, prefixed(told), async (span) => remember(id, span.spanContext()));
          }
          return await within('store', parent, {}, () => pipeline.storeLines(assessed));
        });
      },
    }),
    tracedJob: (name, handle) =>
      async function tracedHandle(payload, signal): Promise<Postponed | undefined> {
        const cause = made.get(OfDecision.safeParse(payload).data?.id ?? '');
        const answer = await within(name, cause, {}, async () => await handle(payload, signal));
        return typeof answer === 'object' ? answer : undefined;
      },
    close: async () => await provider.shutdown().catch(() => undefined),
  };

  async function within<T>(
    name: string,
    parent: SpanContext | undefined,
    attributes: Attributes,
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
    const span = tracer.startSpan(name, { attributes }, context);
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(error) });
      throw error;
    } finally {
      span.end();
    }
  }

  function remember(decisionId: string, context: SpanContext): void {
    made.set(decisionId, context);
    for (const oldest of made.keys()) {
      if (made.size <= decisionsRemembered) break;
      made.delete(oldest);
    }
  }
}

function prefixed(told: Readonly<Record<string, string>>): Attributes {
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [`cerberus.${name}`, value]));
}
