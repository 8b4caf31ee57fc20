import { Readable } from 'node:stream';
import type { Page } from '@cerberusmesh/contract/api';
import {
  type Campaign,
  CampaignExportQuery,
  type CampaignQuery,
  exportedEvidence,
} from '@cerberusmesh/contract/api-campaigns';
import { csvRecord } from '../../kit/csv.ts';
import type { Api } from '../api.ts';

const pageRows = 200;

export interface CampaignExportQueries {
  listCampaigns(query: CampaignQuery): Promise<Page<Campaign>>;
  /** Of each campaign and kind the values that most of its sessions share, fifty at most. */
  listExportedEvidence(ids: readonly string[]): Promise<readonly ExportedEvidence[]>;
}

export interface ExportedEvidence {
  readonly campaign_id: string;
  readonly kind: string;
  readonly values: readonly string[];
}

const columns = [
  ...(['id', 'name', 'severity', 'first_seen', 'last_seen'] as const),
  ...(['sessions', 'addresses', 'sensors', 'techniques'] as const),
] satisfies readonly (keyof Campaign)[];

/** The list of campaigns as a file, each with what its sessions share. Read page by page as fast as the asker takes it. */
export function addCampaignExportRoute(api: Api, queries: CampaignExportQueries): void {
  api.get(
    '/api/campaigns/export',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['campaigns'],
        summary: 'Campaigns as CSV, each with the payloads, URLs, hosts and keys that its sessions share',
        querystring: CampaignExportQuery,
      },
    },
    async ({ query: { rows, ...query } }, reply) =>
      await reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="campaigns.csv"')
        // Already text: the schemas' serializer is for objects.
        .serializer(String)
        .send(Readable.from(toCsv(queries, query, rows), { objectMode: false })),
  );
}

async function* toCsv(
  queries: CampaignExportQueries,
  query: Omit<CampaignQuery, 'limit' | 'cursor'>,
  rowsMax: number,
): AsyncGenerator<string> {
  // The mark by which spreadsheets know UTF-8.
  yield `\ufeff${csvRecord([...columns, ...exportedEvidence.map((kind) => `${kind}s`)])}`;
  let left = rowsMax;
  for (let cursor: string | null | undefined; cursor !== null && left > 0; ) {
    const page = await queries.listCampaigns({ ...query, limit: Math.min(left, pageRows), cursor });
    const evidence = await queries.listExportedEvidence(page.data.map(({ id }) => id));
    const values = new Map(evidence.map((each) => [`${each.campaign_id} ${each.kind}`, each.values]));
    yield page.data
      .map((campaign) =>
        csvRecord([
          ...columns.map((column) => campaign[column]),
          ...exportedEvidence.map((kind) => values.get(`${campaign.id} ${kind}`)),
        ]),
      )
      .join('');
    left -= page.data.length;
    cursor = page.next_cursor;
  }
}
