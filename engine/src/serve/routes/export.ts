import { Readable } from 'node:stream';
import type { EventQuery, EventSummary } from '@cerberusmesh/contract/api-events';
import { ExportQuery, exportColumns } from '@cerberusmesh/contract/api-export';
import type { Clock } from '../../kit/clock.ts';
import { csvRecord } from '../../kit/csv.ts';
import type { Api } from '../api.ts';
import type { EventQueries } from './events.ts';

const pageRows = 1000;
const types = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;

/** The list of events as a file. Read page by page as fast as the asker takes it, so its size costs no memory. */
export function addExportRoute(api: Api, queries: Pick<EventQueries, 'listEvents'>, clock: Clock): void {
  api.get(
    '/api/events/export',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['events'],
        summary: 'The events of a search as CSV, JSON or NDJSON; cells that a spreadsheet would run are made text',
        querystring: ExportQuery,
      },
    },
    async ({ query: { format, columns = exportColumns, rows, ...query } }, reply) => {
      const pages = pagesOf(queries, query, rows, clock.now());
      const text = { csv: toCsv, json: toJson, ndjson: toNdjson }[format](pages, columns);
      return await reply
        .type(types[format])
        .header('content-disposition', `attachment; filename="events.${format}"`)
        // Already text: the schemas' serializer is for objects.
        .serializer(String)
        .send(Readable.from(text, { objectMode: false }));
    },
  );
}

type Columns = readonly (keyof EventSummary)[];

async function* pagesOf(
  { listEvents }: Pick<EventQueries, 'listEvents'>,
  query: Omit<EventQuery, 'limit' | 'cursor'>,
  rowsMax: number,
  now: Date,
): AsyncGenerator<readonly EventSummary[]> {
  let left = rowsMax;
  for (let cursor: string | null | undefined; cursor !== null && left > 0; ) {
    const limit = Math.min(left, pageRows);
    const page = await listEvents({ ...query, limit, cursor }, now);
    if (page.data.length > 0) yield page.data;
    left -= page.data.length;
    cursor = page.next_cursor;
  }
}

async function* toCsv(pages: AsyncIterable<readonly EventSummary[]>, columns: Columns): AsyncGenerator<string> {
  // The mark by which spreadsheets know UTF-8.
  yield `\ufeff${csvRecord(columns)}`;
  for await (const page of pages) {
    yield page.map((event) => csvRecord(columns.map((column) => event[column]))).join('');
  }
}

async function* toNdjson(pages: AsyncIterable<readonly EventSummary[]>, columns: Columns): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((event) => `${JSON.stringify(pick(event, columns))}\n`).join('');
}

async function* toJson(pages: AsyncIterable<readonly EventSummary[]>, columns: Columns): AsyncGenerator<string> {
  let separator = '[';
  for await (const page of pages) {
    yield separator + page.map((event) => JSON.stringify(pick(event, columns))).join(',\n');
    separator = ',\n';
  }
  yield separator === '[' ? '[]' : ']';
}

function pick(event: EventSummary, columns: Columns): object {
  return Object.fromEntries(columns.map((column) => [column, event[column]]));
}
