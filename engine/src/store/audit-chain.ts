import { createHash } from 'node:crypto';
import type { AuditSeal } from '@cerberusmesh/contract/audit';
import type pg from 'pg';
import { canonicalJson } from './canonical-json.ts';
import type { Database } from './database.ts';
import { isoColumn } from './read/statement.ts';

/** Signs a head of the chain; the key is the installation's, so that who can write to the database cannot add to the chain. */
export type SignHead = (bytes: Uint8Array) => Buffer;

/** Any constant: it only has to be the same in every process that chains. */
const lockKey = 2_718_281_828;
const entriesMax = 1000;
const decisionsMax = 2000;

export const genesis = Buffer.alloc(32);

/**
 * Chains what was appended since: decisions that wait become one entry, each entry gets its place and the hash of the
 * one before it, and the new head is signed. One process at a time. Gives the new head; undefined where nothing waited.
 *
 * `kept` is the head as it is remembered outside of the database: where the chain ends before it, entries were cut off, and
 * what comes now goes on from there. So the gap stays, and nobody has us sign an entry anew by taking its place from it.
 */
export async function chainAudit(database: Database, sign: SignHead, kept?: AuditSeal): Promise<AuditSeal | undefined> {
  if (!(await somethingWaits(database.pool))) return undefined;
  return await database.transaction(async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await enterDecisions(client);
    const head = laterOf(await findHead(client), kept);
    const waiting = await findWaiting(client);
    if (waiting.length === 0) return undefined;
    const links = linkUp(waiting, head);
    await client.query(
      `update audit_log a set seq = l.seq, prev_hash = l.prev_hash, hash = l.hash
         from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) as l (id, seq, prev_hash, hash)
        where a.id = l.id`,
      [
        waiting.map(({ id }) => id),
        links.map(({ seq }) => seq),
        links.map((l) => l.prevHash),
        links.map((l) => l.hash),
      ],
    );
    return await sealHead(client, links.at(-1) ?? head, sign);
  });
}

/** The content of an entry that its hash covers, with the hash of the entry before it. */
export interface Chained {
  readonly seq: number;
  readonly id: number;
  /** ISO 8601 with microseconds. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly details: unknown;
}

/** What holds an entry in its place: over the hash before it and all that it says, in one canonical form. */
export function hashOf({ seq, id, at, actor, action, subject, details }: Chained, prevHash: Uint8Array): Buffer {
  const content = canonicalJson([seq, id, at, actor, action, subject, details]);
  return createHash('sha256').update(prevHash).update(content).digest();
}

/** What is signed of a head. */
export function headBytes(seq: number, hash: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`audit head ${seq} `), hash]);
}

async function somethingWaits(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ waits: boolean }>({
    name: 'audit waits',
    text: 'select exists (select from audit_log where seq is null) or exists (select from audit_pending) as waits',
  });
  return rows[0]?.waits === true;
}

/** The fast lane leaves one row a batch here; all that wait become one entry, so a busy minute is sixty entries and not thousands. */
async function enterDecisions(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ decisions: Record<string, string> }>(
    `with taken as (
       select id from audit_pending order by id limit $1 for update skip locked)
     delete from audit_pending p using taken where p.id = taken.id returning p.decisions`,
    [decisionsMax],
  );
  if (rows.length === 0) return;
  const decisions = Object.assign({}, ...rows.map((row) => row.decisions));
  await client.query(
    `insert into audit_log (actor, action, subject, details) values ('engine', 'decision.record', 'decisions', $1)`,
    [JSON.stringify({ decisions })],
  );
}

interface Link {
  readonly seq: number;
  readonly prevHash: Buffer;
  readonly hash: Buffer;
}

async function findHead(client: pg.PoolClient): Promise<Link> {
  const { rows } = await client.query<{ seq: number; hash: Buffer }>(
    'select seq, hash from audit_log where seq is not null order by seq desc limit 1',
  );
  const [head] = rows;
  return head ? { ...head, prevHash: genesis } : { seq: 0, hash: genesis, prevHash: genesis };
}

function laterOf(head: Link, kept: AuditSeal | undefined): Link {
  if (kept === undefined || kept.seq <= head.seq) return head;
  return { seq: kept.seq, hash: Buffer.from(kept.hash, 'hex'), prevHash: genesis };
}

async function findWaiting(client: pg.PoolClient): Promise<Omit<Chained, 'seq'>[]> {
  const { rows } = await client.query<Omit<Chained, 'seq'>>(
    `select id, ${isoColumn('at')}, actor, action, subject, details from audit_log
      where seq is null order by id limit $1`,
    [entriesMax],
  );
  return rows;
}

function linkUp(waiting: readonly Omit<Chained, 'seq'>[], head: Link): Link[] {
  let last = head;
  return waiting.map((entry) => {
    const seq = last.seq + 1;
    last = { seq, prevHash: last.hash, hash: hashOf({ ...entry, seq }, last.hash) };
    return last;
  });
}

async function sealHead(client: pg.PoolClient, { seq, hash }: Link, sign: SignHead): Promise<AuditSeal> {
  const signature = sign(headBytes(seq, hash));
  await client.query('insert into audit_seals (seq, hash, signature) values ($1, $2, $3)', [seq, hash, signature]);
  return { seq, hash: hash.toString('hex'), signature: signature.toString('base64') };
}
