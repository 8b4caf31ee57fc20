import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** Of OTLP 1.x as JSON, what is looked at: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
const Span = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string(),
  startTimeUnixNano: z.coerce.bigint(),
});
const Request = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(Span) })) })),
});

export type ReceivedSpan = z.infer<typeof Span>;

/** A receiver of traces by OTLP over HTTP. `spans` gives all that came, in the order of their beginnings. */
export async function receiveTraces(): Promise<{
  readonly url: string;
  spans(): readonly ReceivedSpan[];
  close(): Promise<void>;
}> {
  const received: ReceivedSpan[] = [];
  const server = createServer(async (request, response) => {
    const told = Request.safeParse(await json(request).catch(() => undefined));
    const spans = told.data?.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    received.push(...(spans ?? []));
    response.writeHead(spans ? 200 : 400, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1/traces`,
    spans: () => received.toSorted((one, other) => Number(one.startTimeUnixNano - other.startTimeUnixNano)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
