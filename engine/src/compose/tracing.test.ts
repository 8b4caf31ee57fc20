import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { startSession } from '../assess/assess.ts';
import { systemClock } from '../kit/clock.ts';
import { composePipeline } from './compose-pipeline.ts';
import { openTracing } from './tracing.ts';

interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number };
}

it('one trace leads from the lines of a batch to what its decision had done, and holds no word of an attacker', async () => {
  const sink = await startSink();
  const database = await createTestDatabase();
  const tracing = await openTracing(sink.url);
  const pipeline = tracing.traced(
    composePipeline({
      ...{ database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
      assess: (_event, session) => ({ assessment: null, session }),
      assessFailed: () => undefined,
    }),
  );
  const text = JSON.stringify({ eventid: 'x', timestamp: '2026-11-22T10:00:00Z', input: 'secret words', session: 's' });
  const line = { text, coveredBytes: text.length };
  const source = { sourceId: 'a', kind: 'test', place: 'b' };
  await pipeline.onLines({ sourceId: 'a', lines: [line], position: {}, readBytes: text.length }, source);
  await tracing.tracedJob('act', async () => undefined)({ id: 'unknown' }, new AbortController().signal);
  const failing = tracing.tracedJob('act', async (): Promise<undefined> => {
    throw new Error('no');
  });
  await expect(failing({ id: 'unknown' }, new AbortController().signal)).rejects.toThrow('no');
  await tracing.close();
  const spans = sink.spans();
  const whole = spans.find(({ name }) => name === 'lines');
  const parts = spans.filter(({ parentSpanId }) => parentSpanId === whole?.spanId);
  expect(parts.map(({ name }) => name)).toEqual(['assess', 'store']);
  expect(new Set(parts.map(({ traceId }) => traceId))).toEqual(new Set([whole?.traceId]));
  expect(spans.filter(({ name }) => name === 'act').map(({ status }) => status?.code ?? 0)).toEqual([0, 2]);
  expect(sink.text()).not.toContain('secret words');
  sink.close();
  await database.drop();
});

it('a decision’s job is a part of the trace that it was made in', async () => {
  const sink = await startSink();
  const tracing = await openTracing(sink.url);
  const decision = { id: 'd1', decision: 'insert_trap', rule: 'r', verdict: 'act', sensor: 's' };
  const pipeline = tracing.traced({
    assessLines: async () => ({ decisions: [decision] }),
    storeLines: async () => ({ stored: 0, duplicate: 0, parked: 0, latestEventEpochMs: undefined }),
    // Only what is wrapped is here: the whole pipeline is in the test before.
  } as never);
  await pipeline.onLines(
    { sourceId: 'a', lines: [], position: {}, readBytes: 0 },
    { sourceId: 'a', kind: 'k', place: 'p' },
  );
  await tracing.tracedJob('act', async () => undefined)(decision, new AbortController().signal);
  await tracing.close();
  const spans = sink.spans();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const decided = spans.find(({ name }) => name === 'decide');
  expect(spans.find(({ name }) => name === 'act')?.parentSpanId).toBe(decided?.spanId);
  sink.close();
});

it('a receiver that is away costs nothing but the traces', async () => {
  const tracing = await openTracing('http://127.0.0.1:9/v1/traces');
  expect(
    await tracing.tracedJob('act', async () => undefined)({ id: 'd' }, new AbortController().signal),
  ).toBeUndefined();
  await tracing.close();
});

async function startSink() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      bodies.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1/traces`,
    text: () => bodies.join('\n'),
    spans: (): SentSpan[] =>
      bodies.flatMap((body) =>
        JSON.parse(body).resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: SentSpan[] }[] }) =>
          scopeSpans.flatMap(({ spans }) => spans),
        ),
      ),
    close: () => server.close(),
  };
}
