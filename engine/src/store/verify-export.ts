import { createHash, type KeyObject, verify } from 'node:crypto';
import { type AuditFault, AuditRecord, ExportSeal } from '@cerberusmesh/contract/audit';
import { z } from 'zod';
import { genesis, hashOf } from './audit-chain.ts';
import { exportBytes } from './export-audit.ts';

export interface ExportReport {
  readonly entries: number;
  readonly faults: readonly AuditFault[];
}

const faultsMax = 100;
const SealLine = z.strictObject({ seal: ExportSeal });
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const Entry = AuditRecord.extend({ seq: z.number().int(), prev_hash: hex, hash: hex });

/**
 * Goes through the text of an export, line by line: its signature under the installation's key, and places, links and contents of the
 * chain in it. Needs no database. The key comes from elsewhere: the one in the file is whoever's who wrote the file.
 */
export async function verifyExport(text: AsyncIterable<string>, publicKey: KeyObject): Promise<ExportReport> {
  const faults: AuditFault[] = [];
  const hash = createHash('sha256');
  const walk = { entries: 0, seq: 0, hash: genesis.toString('hex') };
  let held: string | undefined;
  for await (const line of linesOf(text)) {
    if (held !== undefined) checkEntry(held);
    held = line;
  }
  checkSeal(held ?? '');
  return { entries: walk.entries, faults };

  function fault(kind: AuditFault['kind'], seq: number | null, explanation: string): void {
    if (faults.length < faultsMax) faults.push({ kind, seq, explanation });
  }

  function checkEntry(line: string): void {
    hash.update(`${line}\n`);
    walk.entries++;
    const entry = parse(Entry, line);
    if (!entry) {
      fault('altered', null, `line ${walk.entries} is no entry of an audit log.`);
      return;
    }
    const { seq, prev_hash } = entry;
    if (seq !== walk.seq + 1) fault('missing', walk.seq + 1, `expected entry ${walk.seq + 1}, came ${seq}.`);
    else if (prev_hash !== walk.hash) fault('broken_link', seq, 'it does not follow from the entry before it.');
    if (hashOf(entry, Buffer.from(prev_hash, 'hex')).toString('hex') !== entry.hash) {
      fault('altered', seq, 'its content is not what was chained.');
    }
    walk.seq = seq;
    walk.hash = entry.hash;
  }

  function checkSeal(line: string): void {
    const seal = parse(SealLine, line)?.seal;
    if (!seal) {
      fault('unsigned', null, 'its last line is no signature: the end is missing.');
      return;
    }
    const { entries, sha256, signature } = seal;
    if (!verify(null, exportBytes(entries, sha256), publicKey, Buffer.from(signature, 'base64'))) {
      fault('unsigned', null, 'it is not signed by the installation of this key.');
    } else if (entries !== walk.entries) {
      fault('missing', null, `${entries} entries were signed, and ${walk.entries} are here.`);
    } else if (sha256 !== hash.digest('hex')) {
      fault('altered', null, 'its lines are not those that were signed.');
    }
  }
}

/** Not by readline, which also ends a line at U+2028: an entry may hold what a visitor typed. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parse<S extends z.ZodType>(schema: S, line: string): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
