import { z } from 'zod';
import { EventQuery, EventSummary } from './api-events.ts';

export const exportRowsMax = 100_000;
export const exportColumns = EventSummary.keyof().options;

const Columns = z
  .string()
  .max(1000)
  .transform((text) => text.split(','))
  .pipe(z.array(EventSummary.keyof()).max(exportColumns.length));

export const ExportQuery = EventQuery.omit({ limit: true, cursor: true }).extend({
  format: z.enum(['csv', 'json', 'ndjson']).default('csv'),
  columns: Columns.optional().describe(`With commas between, of: ${exportColumns.join(', ')}; all unless said`),
  rows: z.coerce.number().int().min(1).max(exportRowsMax).default(10_000).describe('How many at most'),
});
export type ExportQuery = Readonly<z.infer<typeof ExportQuery>>;
