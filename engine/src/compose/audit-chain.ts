import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditReport, AuditSeal } from '@cerberusmesh/contract/audit';
import type { Clock } from '../kit/clock.ts';
import { createSigner, type Signer } from '../kit/signer.ts';
import { chainAudit } from '../store/audit-chain.ts';
import type { Database } from '../store/database.ts';
import { verifyAudit } from '../store/verify-audit.ts';
import { openInstallKey } from './install-key.ts';

export interface AuditChain {
  readonly signer: Signer;
  /** Chains all that was appended so far. */
  chain(): Promise<void>;
  verify(): Promise<AuditReport>;
  /** Chains once a second until `signal` aborts, and then what is left. */
  run(signal: AbortSignal): Promise<void>;
}

const roundMs = 1000;

/**
 * The audit chain of this installation. Its head is kept in the state folder, outside of the database, so that entries
 * that were cut off are missed.
 */
export async function openAuditChain(parts: {
  readonly database: Database;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}): Promise<AuditChain> {
  const { database, stateDir, clock, onFailure } = parts;
  const signer = createAuditSigner(await openInstallKey(stateDir));
  const headFile = join(stateDir, 'audit-head.json');
  let kept = await readHead(headFile);

  async function chain(): Promise<void> {
    for (;;) {
      const head = await chainAudit(database, signer.sign, kept);
      if (head === undefined) return;
      kept = head;
      await writeDurably(headFile, JSON.stringify(head));
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await chain().catch(onFailure);
      await clock.sleep(roundMs, signal);
    }
    await chain().catch(onFailure);
  }

  return {
    signer,
    chain,
    verify: async () => await verifyAudit(database.pool, signer.verify, await readHead(headFile)),
    run,
  };
}

/** Ed25519 under a key drawn from the installation's. */
export function createAuditSigner(installKey: Uint8Array): Signer {
  return createSigner(installKey, 'audit');
}

async function readHead(file: string): Promise<AuditSeal | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return AuditSeal.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also where the machine stops. */
async function writeDurably(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
