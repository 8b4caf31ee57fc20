import { randomUUID } from 'node:crypto';
import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { BatchRequest, BatchResponse, ClassifyRequest, ClassifyResponse, MlHealth } from '@cerberusmesh/contract/ml';
import { TrainingRecord, TrainRequest } from '@cerberusmesh/contract/models';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import type { Secret } from '../../kit/secret.ts';
import { type Api, defaultServeConfig, type ServeLog } from '../api.ts';
import { answerBrokenRequest } from '../broken-request.ts';
import { createErrorHandler, errorBody } from '../errors.ts';
import { installHostGuard, isLoopback } from '../host-guard.ts';
import { installMlToken } from './ml-token.ts';

export interface MlTraining {
  /** Resolves when it has begun. @throws CerberusError CONFLICT where one is under way. */
  start(request: TrainRequest): Promise<TrainingRecord>;
  /** Newest first. */
  list(): Promise<TrainingRecord[]>;
}

export interface MlServerParts {
  readonly host: string;
  readonly allowedHosts: readonly string[];
  /** Without it the service answers everybody, and so only on loopback. */
  readonly token: Secret | null;
  readonly version: string;
  readonly modelVersion: () => string;
  readonly classify: (request: ClassifyRequest) => ClassifyResponse;
  readonly assessBatch: (request: BatchRequest) => Promise<BatchResponse>;
  /** @throws CerberusError where there is nothing to train on, or not yet. */
  readonly training: () => MlTraining;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: ServeLog;
}

/** A command of half a MiB may be written as twelve bytes a character. */
const classifyBytesMax = 8 * 1024 * 1024;
const batchBytesMax = 64 * 1024 * 1024;

/** The seed's ML service: one event alone for anybody, whole batches for the engine. `listen` is the caller's. */
export async function createMlServer(parts: MlServerParts): Promise<Api> {
  refuseOpenDoor(parts);
  const api = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    requestTimeout: 30_000,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<ZodTypeProvider>();
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(createErrorHandler(parts.log));
  api.removeContentTypeParser('text/plain');
  api.setNotFoundHandler(async (request, reply) => await reply.status(404).send(errorBody('NOT_FOUND', request.id)));
  installHostGuard(api, { ...defaultServeConfig, host: parts.host, allowedHosts: parts.allowedHosts });
  installMlToken(api, parts.token);
  addHealth(api, parts);
  addClassify(api, parts);
  addTrain(api, parts);
  await api.ready();
  return api;
}

function addHealth(api: Api, { version, modelVersion, clock }: MlServerParts): void {
  const startedAt = clock.now();
  api.get('/health', { schema: { response: { 200: MlHealth } } }, async () => ({
    status: 'healthy' as const,
    timestamp: clock.now().toISOString(),
    model_version: modelVersion(),
    version,
    uptime_seconds: Math.max(0, Math.round((clock.now().getTime() - startedAt.getTime()) / 1000)),
  }));
}

function addClassify(api: Api, { classify, assessBatch }: MlServerParts): void {
  api.post(
    '/classify',
    {
      bodyLimit: classifyBytesMax,
      schema: { body: ClassifyRequest, response: { 200: ClassifyResponse, default: ErrorBody } },
    },
    async ({ body }) => classify(body),
  );
  api.post(
    '/classify/batch',
    {
      bodyLimit: batchBytesMax,
      schema: { body: BatchRequest, response: { 200: BatchResponse, default: ErrorBody } },
    },
    async ({ body }) => await assessBatch(body),
  );
}

function addTrain(api: Api, { training }: MlServerParts): void {
  api.post(
    '/train',
    { schema: { body: TrainRequest.nullish(), response: { 202: TrainingRecord, default: ErrorBody } } },
    async ({ body }, reply) => await reply.status(202).send(await training().start(body ?? TrainRequest.parse({}))),
  );
  api.get(
    '/train',
    { schema: { response: { 200: z.object({ data: z.array(TrainingRecord) }), default: ErrorBody } } },
    async () => ({ data: await training().list() }),
  );
}

function refuseOpenDoor({ host, token }: MlServerParts): void {
  if (isLoopback(host) || token !== null) return;
  throw new CerberusError(
    'BAD_CONFIGURATION',
    `The ML service was told to listen on ${host} without a token: set CERBERUS_ML_TOKEN here and at the engine, or listen on 127.0.0.1.`,
  );
}
