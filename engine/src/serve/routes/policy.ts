import { ErrorBody } from '@cerberusmesh/contract/api';
import {
  DecisionDetails,
  DryRunReport,
  DryRunRequest,
  PolicyRecord,
  PolicyText,
} from '@cerberusmesh/contract/api-policy';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

/** The policy in force, and what it and others make of the past. Each throws CerberusError BAD_POLICY for faults. */
export interface PolicyDesk {
  current(): PolicyRecord;
  check(given: unknown): Promise<PolicyRecord>;
  reload(): Promise<PolicyRecord>;
  dryRun(request: DryRunRequest): Promise<DryRunReport>;
  explain(decisionId: string): Promise<DecisionDetails | undefined>;
}

/** The policy: as it is, checked, read again, tried on what was decided, and why a decision was as it was. */
export function addPolicyRoutes(api: Api, desk: PolicyDesk, audit: Audit): void {
  const answers = { response: { 200: PolicyRecord, default: ErrorBody } };

  api.get(
    '/api/policy',
    { config: { access: 'viewer' }, schema: { tags: ['policy'], summary: 'The policy in force', ...answers } },
    async () => desk.current(),
  );

  api.post(
    '/api/policy/check',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['policy'],
        summary: 'Check a policy; its faults come as an error',
        body: PolicyText,
        ...answers,
      },
    },
    async ({ body }) => desk.check(body),
  );

  api.post(
    '/api/policy/reload',
    {
      config: { access: 'admin' },
      schema: { tags: ['policy'], summary: "Read the policy's file again; with faults the old one stays", ...answers },
    },
    async ({ identity }) => {
      const before = desk.current().version;
      const record = await desk.reload();
      const details = { before, after: record.version };
      await audit({ actor: actorOf(identity), action: 'policy.reload', subject: record.version, details });
      return record;
    },
  );

  api.post(
    '/api/policy/dry-run',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['policy'],
        summary: 'What a policy would have decided on what was recorded',
        body: DryRunRequest,
        response: { 200: DryRunReport, default: ErrorBody },
      },
    },
    async ({ body }) => await desk.dryRun(body),
  );

  api.get(
    '/api/decisions/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['decisions'],
        summary: 'One decision explained: what was known, and which rule held',
        params: z.object({ id: z.guid() }),
        response: { 200: DecisionDetails, default: ErrorBody },
      },
    },
    async ({ params }) => {
      const details = await desk.explain(params.id);
      if (details === undefined) throw new CerberusError('NOT_FOUND', `There is no decision ${params.id}.`);
      return details;
    },
  );
}
