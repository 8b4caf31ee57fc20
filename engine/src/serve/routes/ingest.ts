import { ErrorBody } from '@cerberusmesh/contract/api';
import { PushedLines, PushHeaders, PushResult, pushedTypes, sentBytesMax } from '@cerberusmesh/contract/api-ingest';
import type { Identity } from '@cerberusmesh/contract/api-tokens';
import { CerberusError, errorCatalogue } from '@cerberusmesh/contract/errors';
import type { FastifyReply } from 'fastify';
import type { Api } from '../api.ts';
import { createIngestSeats, type Seat } from '../ingest-seats.ts';

export interface PushedRequest {
  readonly from: Identity;
  readonly body: Buffer;
  readonly isGzip: boolean;
  readonly key: string | undefined;
}

/** Returns once all of the body is durable. */
export type ReceiveLines = (request: PushedRequest) => Promise<PushResult>;

/** At most this many bodies are in memory: together 64 MiB as they came. */
const seats = { seatsMax: 8, seatsOfOneMax: 4 };
const retryAfterSeconds = 2;

/** For whatever can push: lines as a log has them, through the same pipeline. */
export function addIngestRoute(api: Api, receive: ReceiveLines): void {
  const takeSeat = createIngestSeats(seats);
  // A scope of its own, because only here a body may be something else than JSON.
  void api.register((scope: Api, _options, done) => {
    scope.removeAllContentTypeParsers();
    const parsing = { parseAs: 'buffer', bodyLimit: sentBytesMax } as const;
    scope.addContentTypeParser([...pushedTypes], parsing, (_request, body, parsed) => parsed(null, body));
    scope.decorateRequest('seat', null);
    scope.post(
      '/ingest/events',
      {
        config: { access: 'sensor' },
        bodyLimit: sentBytesMax,
        schema: {
          tags: ['sources'],
          summary: 'Push events, one JSON object a line; answers when all of them are durable',
          consumes: [...pushedTypes],
          headers: PushHeaders,
          body: PushedLines,
          response: { 200: PushResult, default: ErrorBody },
        },
        // After the token was judged and before the body is read: who has to wait costs no memory.
        async preParsing(request, reply) {
          const { id } = identified(request.identity);
          request.seat = orLater(reply, () => takeSeat(id));
          // Where the body never comes, or not whole.
          reply.raw.once('close', () => request.seat?.leave());
        },
      },
      async (request, reply) => {
        const { headers, body, seat } = request;
        // From here on the body is in memory until it is stored, whether or not somebody waits for the answer.
        request.seat = null;
        try {
          return await receive({
            from: identified(request.identity),
            body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
            isGzip: headers['content-encoding'] === 'gzip',
            key: headers['idempotency-key'],
          });
        } catch (error) {
          if (error instanceof CerberusError && errorCatalogue[error.code].status === 503) tellWhen(reply);
          throw error;
        } finally {
          seat?.leave();
        }
      },
    );
    done();
  });
}

function orLater(reply: FastifyReply, take: () => Seat): Seat {
  try {
    return take();
  } catch (error) {
    tellWhen(reply);
    throw error;
  }
}

function tellWhen(reply: FastifyReply): void {
  void reply.header('retry-after', retryAfterSeconds);
}

function identified(identity: Identity | null): Identity {
  if (identity === null) throw new CerberusError('UNAUTHENTICATED', 'Nobody may push without a token.');
  return identity;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a body that is on its way; null where it is stored or none was given. */
    seat: Seat | null;
  }
}
