import { ErrorBody, type Page, queryText } from '@cerberusmesh/contract/api';
import {
  FeedbackPage,
  FeedbackQuery,
  FeedbackRecord,
  FeedbackRequest,
  FeedbackWithdrawn,
} from '@cerberusmesh/contract/feedback';
import {
  ModelsReport,
  ModelVersionDetails,
  ReassessmentRecord,
  ReassessRequest,
  TrainingRecord,
  TrainRequest,
} from '@cerberusmesh/contract/models';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';

/** What the models can be asked and told; each change is audited by who carries it out. */
export interface LearningDesk {
  report(): Promise<ModelsReport>;
  /** @throws CerberusError NOT_FOUND */
  findVersion(version: string): Promise<ModelVersionDetails>;
  /** Resolves when it has begun. @throws CerberusError CONFLICT where one is under way. */
  train(request: TrainRequest, by: string): Promise<TrainingRecord>;
  promote(version: string, by: string): Promise<ModelVersionDetails>;
  rollBack(by: string): Promise<ModelVersionDetails>;
  reassess(request: ReassessRequest, by: string): Promise<ReassessmentRecord>;
  giveFeedback(eventId: string, request: FeedbackRequest, by: string): Promise<FeedbackRecord>;
  /** @throws CerberusError NOT_FOUND where nothing was said of the event. */
  withdrawFeedback(eventId: string, by: string): Promise<FeedbackWithdrawn>;
  listFeedback(query: FeedbackQuery): Promise<Page<FeedbackRecord>>;
}

/** Versions, training, drift, feedback. */
export function addLearningRoutes(api: Api, desk: LearningDesk): void {
  addModelRoutes(api, desk);
  addTrainRoutes(api, desk);
  addFeedbackRoutes(api, desk);
}

const version = z.object({ version: queryText(100) });

function addModelRoutes(api: Api, desk: LearningDesk): void {
  const tags = ['models'];
  api.get(
    '/api/models',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: 'The version in use with its cards, the others, drift, trainings and what is assessed again',
        response: { 200: ModelsReport, default: ErrorBody },
      },
    },
    async () => await desk.report(),
  );
  api.get(
    '/api/models/:version',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: 'One version with its cards; "shipped" is the one that came with the program',
        params: version,
        response: { 200: ModelVersionDetails, default: ErrorBody },
      },
    },
    async ({ params }) => await desk.findVersion(params.version),
  );
  api.post(
    '/api/models/:version/promote',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Take a version into use, without a restart',
        params: version,
        response: { 200: ModelVersionDetails, default: ErrorBody },
      },
    },
    async ({ params, identity }) => await desk.promote(params.version, actorOf(identity)),
  );
  api.post(
    '/api/models/rollback',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Go back to the version before the one in use',
        response: { 200: ModelVersionDetails, default: ErrorBody },
      },
    },
    async ({ identity }) => await desk.rollBack(actorOf(identity)),
  );
}

function addTrainRoutes(api: Api, desk: LearningDesk): void {
  const tags = ['models'];
  const train = {
    config: { access: 'admin' },
    schema: {
      tags,
      summary:
        'Train a new version from stored events and feedback; GET /api/models and the live feed say how far it is',
      body: TrainRequest.nullish(),
      response: { 202: TrainingRecord, default: ErrorBody },
    },
  } as const;
  // The second is the seed's name, which the ML service has too.
  for (const url of ['/api/models/train', '/train']) {
    api.post(url, train, async ({ body, identity }, reply) => {
      const started = await desk.train(body ?? TrainRequest.parse({}), actorOf(identity));
      return await reply.status(202).send(started);
    });
  }
  api.post(
    '/api/models/reassess',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Assess the events of the last days again, with the version in use',
        body: ReassessRequest,
        response: { 202: ReassessmentRecord, default: ErrorBody },
      },
    },
    async ({ body, identity }, reply) => await reply.status(202).send(await desk.reassess(body, actorOf(identity))),
  );
}

function addFeedbackRoutes(api: Api, desk: LearningDesk): void {
  api.post(
    '/api/events/:id/feedback',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['events'],
        summary: 'Say what an event really was; it holds at once, and the next training learns from it',
        params: z.object({ id: z.guid() }),
        body: FeedbackRequest,
        response: { 200: FeedbackRecord, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => await desk.giveFeedback(params.id, body, actorOf(identity)),
  );
  api.delete(
    '/api/events/:id/feedback',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['events'],
        summary: 'Take back what was said of an event; what the model had told holds again, at once',
        params: z.object({ id: z.guid() }),
        response: { 200: FeedbackWithdrawn, default: ErrorBody },
      },
    },
    async ({ params, identity }) => await desk.withdrawFeedback(params.id, actorOf(identity)),
  );
  api.get(
    '/api/feedback',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['events'],
        summary: 'What people said of events, or of one, the latest first',
        querystring: FeedbackQuery,
        response: { 200: FeedbackPage, default: ErrorBody },
      },
    },
    async ({ query }) => await desk.listFeedback(query),
  );
}
