import { type ExecFileSyncOptions, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** Runs a command to its end and gives what it said. @throws where it fails, with what it said on standard error. */
export function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  const maxBuffer = 256 * 1024 * 1024;
  const said: Buffer | string | null = execFileSync(command, args, {
    maxBuffer,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
  // Nothing comes where standard output is not a pipe.
  return said?.toString() ?? '';
}

/** Asks until `look` gives something. @throws with what was waited for, once `seconds` are over. */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  let fault: unknown;
  while (performance.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      fault = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`Not within ${seconds} s: ${what}.`, { cause: fault });
}

/** Logs in over SSH as an attacker does, with OpenSSH's own client and a password, and runs one command. */
export async function attack({ port, command }: { readonly port: number; readonly command: string }): Promise<string> {
  const ssh = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const askpass = join(import.meta.dirname, 'password.sh');
  const child = spawn('ssh', [...ssh, '-o', 'NumberOfPasswordPrompts=1', '-p', `${port}`, 'root@127.0.0.1', command], {
    // OpenSSH asks this program where it has no terminal.
    env: { PATH: '/usr/bin:/bin', SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code === 255) throw new Error(`ssh could not log in at port ${port}.`);
  return said;
}

/** Resolves when the API shows an event whose text holds `words`. */
export async function untilOnApi(url: string, token: string, words: string, seconds: number): Promise<void> {
  await until(`"${words}" on the API`, seconds, async () => {
    const answer = await fetch(`${url}/api/events?limit=100`, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`The API says ${answer.status}.`);
    return (await answer.text()).includes(words) ? true : undefined;
  });
}

/** Resolves when the engine at `url` says that it is well. */
export async function untilHealthy(url: string): Promise<void> {
  await until(`${url}/health`, 120, async () => ((await fetch(`${url}/health`)).ok ? true : undefined));
}

/** How many seconds `work` took. */
export async function timed(work: () => Promise<void> | void): Promise<[number]> {
  const began = performance.now();
  await work();
  return [Number(((performance.now() - began) / 1000).toFixed(1))];
}

/** A port on loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Python's parser, which comes with Debian's python3-yaml, knows anchors and merge keys. */
export function readYaml(text: string): unknown {
  const script = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)';
  return JSON.parse(run('python3', ['-c', script], { input: text, stdio: 'pipe' }));
}
