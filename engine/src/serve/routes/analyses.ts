import { AnalysisRecord } from '@cerberusmesh/contract/analysis';
import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import { AnalysisPage, AnalysisQuery } from '@cerberusmesh/contract/api-analyses';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Api } from '../api.ts';

export interface AnalysisQueries {
  listAnalyses(query: AnalysisQuery): Promise<Page<AnalysisRecord>>;
  findAnalysis(id: string): Promise<AnalysisRecord | undefined>;
}

/** What the language model said of sessions, and what became of that. */
export function addAnalysisRoutes(api: Api, queries: AnalysisQueries): void {
  api.get(
    '/api/analyses',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['analyses'],
        summary: "The analyst's readings of sessions, refused ones too, newest first",
        querystring: AnalysisQuery,
        response: { 200: AnalysisPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listAnalyses(query),
  );

  api.get(
    '/api/analyses/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['analyses'],
        summary: 'One reading',
        params: z.object({ id: z.guid() }),
        response: { 200: AnalysisRecord, default: ErrorBody },
      },
    },
    async ({ params }) => {
      const analysis = await queries.findAnalysis(params.id);
      if (analysis === undefined) throw new CerberusError('NOT_FOUND', `There is no analysis ${params.id}.`);
      return analysis;
    },
  );
}
