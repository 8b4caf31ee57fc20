import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  ApprovalPage,
  ApprovalQuery,
  ApprovalRecord,
  ApprovalRequest,
  KillSwitchReport,
  KillSwitchRequest,
  LinkRequest,
} from '@cerberusmesh/contract/api-approvals';
import type { ApprovalAnswer } from '@cerberusmesh/contract/approval';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';

export interface ApprovalQueries {
  listApprovals(query: ApprovalQuery): Promise<Page<ApprovalRecord>>;
  findApproval(id: string): Promise<ApprovalRecord | undefined>;
}

/** What people may say to what the engine wants to do, and how they stop it. */
export interface Oversight {
  answer(
    decisionId: string,
    answer: ApprovalAnswer,
    by: string,
    note: string | null,
  ): Promise<{ readonly kind: string; readonly status?: string }>;
  /** The decision that a link is for; undefined where the link is not ours or too old. */
  readLink(token: string): string | undefined;
  killSwitch: {
    status(): Promise<KillSwitchReport>;
    turn(on: boolean, actor: string): Promise<KillSwitchReport>;
  };
}

/** What a person is asked, and his answer: by the API, or by a link of a notice, which carries its own proof. */
export function addApprovalRoutes(api: Api, queries: ApprovalQueries, oversight: Oversight): void {
  api.get(
    '/api/approvals',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['approvals'],
        summary: 'What a person was asked, newest first',
        querystring: ApprovalQuery,
        response: { 200: ApprovalPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listApprovals(query),
  );

  api.post(
    '/api/approvals/:id',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['approvals'],
        summary: 'Agree or refuse, once; the answer is the question as it stands then',
        params: z.object({ id: z.guid() }),
        body: ApprovalRequest,
        response: { 200: ApprovalRecord, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => await answer(params.id, body.answer, actorOf(identity), body.note ?? null),
  );

  api.post(
    '/api/approvals/link',
    {
      // Open: the signed token of the link is what counts.
      config: { access: 'open' },
      schema: {
        tags: ['approvals'],
        summary: 'Of the link in a notice: shows what is asked, or answers it, once',
        body: LinkRequest,
        response: { 200: ApprovalRecord, default: ErrorBody },
      },
    },
    async ({ body }) => {
      const id = oversight.readLink(body.token);
      if (id === undefined) throw new CerberusError('NOT_FOUND', 'This link is not one of ours, or its time is over.');
      return body.answer === undefined ? await getApproval(id) : await answer(id, body.answer, 'link', null);
    },
  );

  api.get(
    '/api/kill-switch',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['approvals'],
        summary: 'Whether the kill switch is on, and how much stands',
        response: { 200: KillSwitchReport, default: ErrorBody },
      },
    },
    async () => await oversight.killSwitch.status(),
  );

  api.post(
    '/api/kill-switch',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['approvals'],
        summary: 'Stop everything, call off what waits, and undo what stands; or let it go on',
        body: KillSwitchRequest,
        response: { 200: KillSwitchReport, default: ErrorBody },
      },
    },
    async ({ body, identity }) => await oversight.killSwitch.turn(body.on, actorOf(identity)),
  );

  async function answer(id: string, given: ApprovalAnswer, by: string, note: string | null): Promise<ApprovalRecord> {
    const outcome = await oversight.answer(id, given, by, note);
    if (outcome.kind === 'too_late') {
      throw new CerberusError('CONFLICT', `This question is ${outcome.status} already, so the answer changes nothing.`);
    }
    return await getApproval(id);
  }

  async function getApproval(id: string): Promise<ApprovalRecord> {
    const approval = await queries.findApproval(id);
    if (approval === undefined) throw new CerberusError('NOT_FOUND', `Nobody was asked about the decision ${id}.`);
    return approval;
  }
}
