import type { AuditFault, AuditReport, AuditSeal } from '@cerberusmesh/contract/audit';
import type pg from 'pg';
import { z } from 'zod';
import { type Chained, genesis, hashOf, headBytes } from './audit-chain.ts';
import { digestOf } from './decision-digest.ts';
import { findDecisions } from './find-decisions.ts';
import { isoColumn } from './read/statement.ts';

export type VerifySignature = (bytes: Uint8Array, signature: Uint8Array) => boolean;

interface ChainRow extends Chained {
  readonly prev_hash: Buffer | null;
  readonly hash: Buffer | null;
  readonly sealed_hash: Buffer | null;
  readonly signature: Buffer | null;
}

/** Where the walk along the chain is. */
interface Walk {
  entries: number;
  decisions: number;
  seq: number;
  hash: Buffer;
  signed: boolean;
}

const pageRows = 1000;
const faultsMax = 100;

/**
 * Goes through the whole chain: places without gaps, links, contents, signatures, the head that is kept outside of the
 * database, and the decisions that the entries vouch for. Reads only.
 */
export async function verifyAudit(
  pool: pg.Pool,
  verify: VerifySignature,
  keptHead: AuditSeal | undefined,
): Promise<AuditReport> {
  const faults: AuditFault[] = [];
  const walk: Walk = { entries: 0, decisions: 0, seq: 0, hash: genesis, signed: true };
  for await (const rows of pagesOf(pool)) {
    for (const row of rows) checkEntry(row);
    walk.decisions += await checkDecisions(pool, rows, fault);
    if (faults.length >= faultsMax) break;
  }
  if (!walk.signed)
    fault('unsigned', walk.seq, 'the last entries are not signed by this installation: somebody else added them.');
  checkHead();
  const waiting = await countWaiting(pool);
  const { entries, decisions } = walk;
  return { sound: faults.length === 0, entries, waiting, decisions, faults };

  function fault(kind: AuditFault['kind'], seq: number | null, explanation: string): void {
    if (faults.length < faultsMax) faults.push({ kind, seq, explanation });
  }

  function checkEntry(row: ChainRow): void {
    walk.entries++;
    if (row.seq !== walk.seq + 1) {
      fault('missing', walk.seq + 1, `expected entry ${walk.seq + 1}, came ${row.seq}: entries were removed.`);
    } else if (!row.prev_hash?.equals(walk.hash)) {
      fault(
        'broken_link',
        row.seq,
        'it does not follow from the entry before it: one of the two was replaced or moved.',
      );
    }
    const hash = row.hash ?? genesis;
    if (!hashOf(row, row.prev_hash ?? genesis).equals(hash)) {
      fault('altered', row.seq, `its content is not what was written: ${row.action} by ${row.actor} at ${row.at}.`);
    }
    if (row.seq === keptHead?.seq && hash.toString('hex') !== keptHead.hash) {
      fault(
        'broken_link',
        row.seq,
        'it is not the entry that was there when this head was kept: the chain was made anew.',
      );
    }
    walk.signed = checkSeal(row, hash);
    walk.seq = row.seq;
    walk.hash = hash;
  }

  function checkSeal({ seq, sealed_hash, signature }: ChainRow, hash: Buffer): boolean {
    if (sealed_hash === null || signature === null) return false;
    const good = sealed_hash.equals(hash) && verify(headBytes(seq, sealed_hash), signature);
    if (!good) fault('unsigned', seq, 'its signature is not one of this installation for this content.');
    return good;
  }

  function checkHead(): void {
    if (keptHead === undefined) {
      if (walk.entries > 0) {
        fault('truncated', null, 'the kept head is missing, so it cannot be told whether entries were cut off.');
      }
    } else if (
      !verify(headBytes(keptHead.seq, Buffer.from(keptHead.hash, 'hex')), Buffer.from(keptHead.signature, 'base64'))
    ) {
      fault('unsigned', keptHead.seq, 'the kept head is not signed by this installation.');
    } else if (keptHead.seq > walk.seq) {
      fault('truncated', walk.seq, `the chain ends at ${walk.seq}, and had ${keptHead.seq} entries.`);
    }
  }
}

async function* pagesOf(pool: pg.Pool): AsyncGenerator<ChainRow[]> {
  let after = 0;
  for (;;) {
    const { rows } = await pool.query<ChainRow>(
      `select a.seq, a.id, ${isoColumn('a.at')}, a.actor, a.action, a.subject, a.details, a.prev_hash, a.hash,
              s.hash as sealed_hash, s.signature
         from audit_log a left join audit_seals s using (seq)
        where a.seq > $1 order by a.seq limit $2`,
      [after, pageRows],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)?.seq ?? after;
  }
}

const DecisionEntry = z.object({ decisions: z.record(z.string(), z.string()) });

/** @returns how many decisions the entries vouch for. */
async function checkDecisions(
  pool: pg.Pool,
  rows: readonly ChainRow[],
  fault: (kind: AuditFault['kind'], seq: number, explanation: string) => void,
): Promise<number> {
  let count = 0;
  for (const { seq, action, details } of rows) {
    if (action !== 'decision.record') continue;
    const vouched = DecisionEntry.safeParse(details).data?.decisions ?? {};
    const found = await findDecisions(pool, Object.keys(vouched));
    const stored = new Map(found.map((one) => [one.decision.id, one]));
    for (const [id, digest] of Object.entries(vouched)) {
      count++;
      const one = stored.get(id);
      if (one === undefined) fault('decision_altered', seq, `the decision ${id} is gone.`);
      else if (digestOf({ ...one.decision, inputs: one.rawInputs }) !== digest)
        fault('decision_altered', seq, `the decision ${id} was changed.`);
    }
  }
  return count;
}

async function countWaiting(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ waiting: number }>(
    `select (select count(*) from audit_log where seq is null) + (select count(*) from audit_pending) as waiting`,
  );
  return rows[0]?.waiting ?? 0;
}
