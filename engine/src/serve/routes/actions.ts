import { randomUUID } from 'node:crypto';
import type { ActionDeclaration, ActionRequest } from '@cerberusmesh/contract/action';
import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  ActionKindDescription,
  ActionOrder,
  ActionPage,
  ActionQuery,
  ActionRecord,
  UndoRequest,
} from '@cerberusmesh/contract/api-actions';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface ActionQueries {
  listActions(query: ActionQuery): Promise<Page<ActionRecord>>;
  findAction(id: string): Promise<ActionRecord | undefined>;
}

/** What the routes need of the runner. */
export interface ActionDesk {
  /** Of the kinds that this process carries out. */
  readonly kinds: readonly ActionDeclaration[];
  /** Queues it; returns once that is durable. */
  order(request: ActionRequest): Promise<void>;
  undo(
    id: string,
  ): Promise<
    { readonly kind: 'undone' } | { readonly kind: 'not_found' } | { readonly kind: 'refused'; explanation: string }
  >;
}

const Ordered = z.object({ request_id: z.string().describe('The cause_id of the actions that follow') });

/** What was done besides changing honeypots, what can be done, and the way to ask for it and to take it back. */
export function addActionRoutes(api: Api, queries: ActionQueries, desk: ActionDesk, audit: Audit): void {
  api.get(
    '/api/actions/kinds',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['actions'],
        summary: 'What can be carried out, as each action declares itself',
        response: { 200: z.object({ data: z.array(ActionKindDescription) }), default: ErrorBody },
      },
    },
    async () => ({ data: desk.kinds.map(describeAction) }),
  );

  api.get(
    '/api/actions',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['actions'],
        summary: 'Actions with their steps and what was seen, newest first',
        querystring: ActionQuery,
        response: { 200: ActionPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listActions(query),
  );

  api.get(
    '/api/actions/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['actions'],
        summary: 'One action',
        params: z.object({ id: z.guid() }),
        response: { 200: ActionRecord, default: ErrorBody },
      },
    },
    async ({ params }) => await getAction(params.id),
  );

  api.post(
    '/api/actions',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['actions'],
        summary:
          'Ask for an action; it is carried out soon and shows up in the list, insert_trap in that of adaptations',
        body: ActionOrder,
        response: { 202: Ordered, default: ErrorBody },
      },
    },
    async ({ body, identity }, reply) => {
      checkOrder(body, desk.kinds);
      const request = requestOf(body, actorOf(identity));
      await audit(auditOf(request));
      await desk.order(request);
      return await reply.status(202).send({ request_id: request.cause.causeId });
    },
  );

  api.post(
    '/api/actions/:id/undo',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['actions'],
        summary: 'Take an action back; the answer is the action as it stands then',
        params: z.object({ id: z.guid() }),
        body: UndoRequest.nullish(),
        response: { 200: ActionRecord, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => {
      const outcome = await desk.undo(params.id);
      if (outcome.kind === 'not_found') throw new CerberusError('NOT_FOUND', `There is no action ${params.id}.`);
      if (outcome.kind === 'refused') throw new CerberusError('CONFLICT', outcome.explanation);
      const details = { reason: body?.reason ?? null };
      await audit({ actor: actorOf(identity), action: 'action.undo', subject: params.id, details });
      return await getAction(params.id);
    },
  );

  async function getAction(id: string): Promise<ActionRecord> {
    const action = await queries.findAction(id);
    if (action === undefined) throw new CerberusError('NOT_FOUND', `There is no action ${id}.`);
    return action;
  }
}

/**
 * A wrong order is told to who gave it, and not only found in the list of refused ones.
 * @throws CerberusError NOT_FOUND, VALIDATION_FAILED
 */
export function checkOrder({ kind, parameters }: ActionOrder, kinds: readonly ActionDeclaration[]): void {
  const declaration = kinds.find((candidate) => candidate.kind === kind);
  if (!declaration) throw new CerberusError('NOT_FOUND', `This installation does not carry out ${kind}.`);
  const parsed = declaration.parameters.safeParse(parameters);
  if (parsed.success) return;
  const faults = parsed.error.issues.map(({ path, message }) => `parameters.${path.join('.')}: ${message}`);
  throw new CerberusError('VALIDATION_FAILED', faults.join('; '));
}

/** What a person's order asks of the runner: it follows from no decision, and is about no session. */
export function requestOf(order: ActionOrder, requestedBy: string): ActionRequest {
  const { kind, parameters, reason, dry_run, request_id = randomUUID() } = order;
  const about = { severity: 'LOW' as const, sensor: null, sessionId: null, sourceIp: null };
  return {
    ...{ kind, parameters, dryRun: dry_run, lifetimeSeconds: null },
    cause: { causeId: request_id, decisionId: null, requestedBy, reason, ...about },
  };
}

/** The entry of the audit log for an order. */
export function auditOf({ kind, cause, dryRun = false }: ActionRequest): Parameters<Audit>[0] {
  const { causeId, reason, requestedBy } = cause;
  return { actor: requestedBy, action: 'action.order', subject: kind, details: { causeId, reason, dryRun } };
}

/** A value that nobody changes afterwards would be told as one that nobody may give, and a form would not ask for it. */
function asInput({ jsonSchema }: { readonly jsonSchema: { readOnly?: boolean } }): void {
  delete jsonSchema.readOnly;
}

/** A declaration with its parameters as JSON Schema. */
export function describeAction(declaration: ActionDeclaration): ActionKindDescription {
  const { kind, does, needs, example, undo, reversible, deadlineSeconds, budgetPerHour } = declaration;
  return {
    ...{ kind, does, needs: [...needs], example: { ...example }, undo, reversible },
    parameters: { ...z.toJSONSchema(declaration.parameters, { io: 'input', override: asInput }) },
    deadline_seconds: deadlineSeconds,
    budget_per_hour: budgetPerHour,
  };
}
