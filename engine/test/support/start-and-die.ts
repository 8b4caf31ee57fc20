import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ActionRequest } from '@cerberusmesh/contract/action';

const run = promisify(execFile);
const script = fileURLToPath(new URL('rotate-and-die.ts', import.meta.url));

/** Rotates a key in a process of its own, which ends itself with SIGKILL before its n-th write. Rejects with that signal. */
export async function rotateAndDie(death: {
  readonly beforeWrite: number;
  readonly url: string;
  readonly request: ActionRequest;
  readonly awsUrl?: string;
}): Promise<void> {
  await run(process.execPath, [script, JSON.stringify(death)]);
}
