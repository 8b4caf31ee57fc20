import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

export interface SshResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

const place = mkdtempSync(join(tmpdir(), 'cerberus-client-'));
const askpass = join(place, 'askpass');
writeFileSync(askpass, '#!/bin/sh\necho "$CERBERUS_TEST_PASSWORD"\n');
chmodSync(askpass, 0o755);
afterAll(() => rmSync(place, { recursive: true, force: true }));

const options = [
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'PubkeyAuthentication=no',
  'LogLevel=ERROR',
];
export const sshOptions: readonly string[] = options.flatMap((option) => ['-o', option]);

/** Runs the real OpenSSH client against a decoy on loopback. */
export async function ssh(
  port: number,
  command: string,
  { user = 'root', password = 'hunter2', stdin = '', more = [] as readonly string[] } = {},
): Promise<SshResult> {
  return await run('ssh', [...sshOptions, ...more, '-p', String(port), `${user}@127.0.0.1`, command], {
    stdin,
    password,
  });
}

/** OpenSSH's programs ask the helper for the password; nothing of this machine's user is known to them. */
export function clientEnvironment(password = 'hunter2'): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: place,
    SSH_ASKPASS: askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    CERBERUS_TEST_PASSWORD: password,
  };
}

/** Runs a real program with the password where OpenSSH's programs ask for it. */
export function run(
  program: string,
  args: readonly string[],
  { stdin = '', password = 'hunter2' } = {},
): Promise<SshResult> {
  const child = spawn(program, args, {
    env: clientEnvironment(password),
    detached: true,
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes: Buffer) => {
    said.stdout += bytes.toString('latin1');
  });
  child.stderr.on('data', (bytes: Buffer) => {
    said.stderr += bytes.toString('latin1');
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ ...said, status }));
  });
}

/** A Python with paramiko, the library that most SSH bots are made of. */
export function paramikoPython(): string {
  // biome-ignore lint/style/noProcessEnv: the one place where a test is told where paramiko is.
  const place = process.env['CERBERUS_TEST_PARAMIKO'] ?? join(import.meta.dirname, '../../../.test-parts/paramiko');
  return join(place, 'bin', 'python');
}
