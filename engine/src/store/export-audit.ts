import { createHash } from 'node:crypto';
import { AuditRecord, type ExportSeal } from '@cerberusmesh/contract/audit';
import type pg from 'pg';
import { auditColumns } from './read/audit.ts';

const pageRows = 1000;

interface ExportSigner {
  sign(bytes: Uint8Array): Buffer;
  readonly publicKey: string;
}

/**
 * The chain as lines of JSON, oldest first, and a last line that signs all before it. Entries that are not chained yet
 * are left out.
 */
export async function* exportAudit(pool: pg.Pool, signer: ExportSigner): AsyncGenerator<string> {
  const hash = createHash('sha256');
  let entries = 0;
  for (let after = 0; ; ) {
    const { rows } = await pool.query(`select ${auditColumns} from audit_log where seq > $1 order by seq limit $2`, [
      after,
      pageRows,
    ]);
    const records = rows.map((row) => AuditRecord.parse(row));
    for (const record of records) {
      const line = `${JSON.stringify(record)}\n`;
      hash.update(line);
      entries++;
      yield line;
    }
    const last = records.at(-1)?.seq;
    if (last === undefined || last === null) break;
    after = last;
  }
  const sha256 = hash.digest('hex');
  const signature = signer.sign(exportBytes(entries, sha256)).toString('base64');
  const seal: ExportSeal = { entries, sha256, signature, public_key: signer.publicKey };
  yield `${JSON.stringify({ seal })}\n`;
}

/** What is signed of an export. */
export function exportBytes(entries: number, sha256: string): Buffer {
  return Buffer.from(`audit export ${entries} ${sha256}`);
}
