import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError, errorCatalogue } from '@cerberusmesh/contract/errors';
import { ShipAnswer, ShipHeaders, shippedBytesMax, shippedType } from '@cerberusmesh/contract/mesh';
import { createIngestSeats, type Seat } from '../ingest-seats.ts';
import { type MeshApi, sensorOf } from './mesh-api.ts';

export interface Shipped {
  readonly sensor: string;
  readonly spool: string;
  readonly start: number;
  readonly lostFrom: number | undefined;
  readonly encoding: 'zstd' | 'gzip' | undefined;
  readonly body: Buffer;
}

/** Returns once all of the body is durable, or how far the stream is durable where the body begins behind that. */
export type ReceiveShipped = (
  shipped: Shipped,
) => Promise<
  { readonly kind: 'stored'; readonly answer: ShipAnswer } | { readonly kind: 'gap'; readonly durable: number }
>;

const retryAfterSeconds = 1;

/** Lines of sensors. Each has one seat, so that one that sends without end holds up itself alone. */
export function addShipRoute(api: MeshApi, receive: ReceiveShipped): void {
  const takeSeat = createIngestSeats({ seatsMax: 16, seatsOfOneMax: 1 });
  void api.register((scope: MeshApi, _options, done) => {
    scope.removeAllContentTypeParsers();
    const parsing = { parseAs: 'buffer', bodyLimit: shippedBytesMax } as const;
    scope.addContentTypeParser(shippedType, parsing, (_request, body, parsed) => parsed(null, body));
    scope.decorateRequest('meshSeat', null);
    scope.post(
      '/mesh/lines',
      {
        bodyLimit: shippedBytesMax,
        schema: { headers: ShipHeaders, response: { 200: ShipAnswer, 409: ShipAnswer.partial(), default: ErrorBody } },
        // Before the body is read: who has to wait costs no memory.
        async preParsing(request, reply) {
          const sensor = sensorOf(request);
          try {
            request.meshSeat = takeSeat(sensor);
          } catch (error) {
            void reply.header('retry-after', retryAfterSeconds);
            throw error;
          }
          reply.raw.once('close', () => request.meshSeat?.leave());
        },
      },
      async (request, reply) => {
        const { headers, body, meshSeat } = request;
        // From here on the body is in memory until it is stored, whether or not somebody waits for the answer.
        request.meshSeat = null;
        try {
          const outcome = await receive({
            sensor: sensorOf(request),
            spool: headers['cerberus-spool'],
            start: headers['cerberus-start'],
            lostFrom: headers['cerberus-lost-from'],
            encoding: headers['content-encoding'],
            body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
          });
          if (outcome.kind === 'stored') return outcome.answer;
          return await reply.status(409).send({ durable: outcome.durable });
        } catch (error) {
          if (error instanceof CerberusError && errorCatalogue[error.code].status === 503)
            void reply.header('retry-after', retryAfterSeconds);
          throw error;
        } finally {
          meshSeat?.leave();
        }
      },
    );
    done();
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a body that is on its way; null where it is stored or none was given. */
    meshSeat: Seat | null;
  }
}
