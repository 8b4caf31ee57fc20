import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Comparison, ModelCard, ModelVersion, ModelVersionDetails } from '@cerberusmesh/contract/models';
import type pg from 'pg';
import { appendAudit } from '../audit.ts';
import type { Database } from '../database.ts';
import { isoTime } from '../iso-time.ts';

/** Version 0, which comes with the program and has no row. */
export const shippedVersion = 'shipped';

type Connection = Pick<pg.Pool, 'query'>;

export interface NewModel {
  readonly version: string;
  readonly parent: string;
  readonly by: string;
  readonly events: number;
  readonly feedback: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly why: string;
  readonly comparisons: readonly Comparison[];
  readonly cards: readonly ModelCard[];
  readonly files: Readonly<Record<string, string>>;
}

/** Keeps a version that was trained, with its cards and files; it is not in use until it is promoted. */
export async function storeModel(connection: Connection, model: NewModel): Promise<void> {
  const toTime = (epochMs: number | null) => (epochMs === null ? null : new Date(epochMs));
  await connection.query(
    `insert into models (version, parent, created_by, events, feedback, from_time, to_time, why, comparisons, cards, files)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      model.version,
      model.parent,
      model.by,
      model.events,
      model.feedback,
      toTime(model.fromMs),
      toTime(model.toMs),
      model.why,
      JSON.stringify(model.comparisons),
      JSON.stringify(model.cards),
      JSON.stringify(model.files),
    ],
  );
}

/** The version in use. */
export async function findCurrentVersion(connection: Connection): Promise<string> {
  const { rows } = await connection.query<{ version: string }>({
    name: 'current model',
    text: 'select version from model_promotions order by id desc limit 1',
  });
  return rows[0]?.version ?? shippedVersion;
}

/** A version's files by name; undefined for the shipped one and for a version that is not stored. */
export async function findModelFiles(
  connection: Connection,
  version: string,
): Promise<Map<string, string> | undefined> {
  const { rows } = await connection.query<{ files: Record<string, string> }>(
    'select files from models where version = $1',
    [version],
  );
  return rows[0] && new Map(Object.entries(rows[0].files));
}

/** Newest first; the shipped one is not among them. */
export async function listModels(connection: Connection): Promise<ModelVersion[]> {
  const { rows } = await connection.query<ModelVersion>(
    `${selectText} order by m.created_at desc, m.version limit 200`,
  );
  return rows;
}

/** With its cards; undefined where there is none of that name. */
export async function findModel(connection: Connection, version: string): Promise<ModelVersionDetails | undefined> {
  const { rows } = await connection.query<ModelVersionDetails>(
    `${selectText.replace('m.comparisons', 'm.comparisons, m.cards')} where m.version = $1`,
    [version],
  );
  return rows[0];
}

const selectText = `
select m.version, m.parent, m.version = (select version from model_promotions order by id desc limit 1) is true as current,
       ${isoTime('m.created_at')} as created_at, m.created_by,
       (select ${isoTime('max(p.promoted_at)')} from model_promotions p where p.version = m.version) as promoted_at,
       m.events, m.feedback, ${isoTime('m.from_time')} as from, ${isoTime('m.to_time')} as to, m.why, m.comparisons
  from models m`;

/** Takes a version into use; audited. @throws CerberusError NOT_FOUND or CONFLICT. */
export async function promote(database: Database, version: string, by: string): Promise<void> {
  await database.transaction((client) => promoteWithin(client, version, by, false));
}

/** Goes back to the version that the present one replaced when it was promoted. @throws CerberusError CONFLICT at the first. */
export async function rollBack(database: Database, by: string): Promise<string> {
  return await database.transaction(async (client) => {
    const current = await findCurrentVersion(client);
    const { rows } = await client.query<{ replaced: string }>(
      'select replaced from model_promotions where version = $1 and not is_rollback order by id desc limit 1',
      [current],
    );
    const before = rows[0]?.replaced;
    if (before === undefined)
      throw new CerberusError('CONFLICT', `${current} is in use and replaced nothing; there is no version before it.`);
    await promoteWithin(client, before, by, true);
    return before;
  });
}

async function promoteWithin(client: pg.PoolClient, version: string, by: string, isRollback: boolean): Promise<void> {
  // Two promotions at once would both say that they replaced the same one.
  await client.query('lock table model_promotions in share row exclusive mode');
  const { rows } = await client.query('select from models where version = $1', [version]);
  if (rows.length === 0 && version !== shippedVersion)
    throw new CerberusError('NOT_FOUND', `There is no model version ${version}.`);
  const replaced = await findCurrentVersion(client);
  if (replaced === version) throw new CerberusError('CONFLICT', `${version} is in use already.`);
  await client.query(
    'insert into model_promotions (version, replaced, is_rollback, promoted_by) values ($1, $2, $3, $4)',
    [version, replaced, isRollback, by],
  );
  const action = isRollback ? 'models.rollback' : 'models.promote';
  await appendAudit(client, { actor: by, action, subject: version, details: { replaced } });
}
