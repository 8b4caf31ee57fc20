import { z } from 'zod';
import { AnalysisRecord, AnalysisStatus } from './analysis.ts';
import { page, paging, queryText } from './api.ts';

export const AnalysisQuery = z.strictObject({
  status: AnalysisStatus.optional(),
  session_id: queryText(255).optional(),
  source_ip: queryText(255).optional(),
  ...paging,
});
export type AnalysisQuery = Readonly<z.infer<typeof AnalysisQuery>>;

export const AnalysisPage = page(AnalysisRecord);
