import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf, makeKeyPair } from '../../src/act/rotate-key/key-pair.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** A real sshd of the system on a free loopback port, for the user who runs the tests. */
export interface RealSshd {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly username: string;
  /** Its own key's fingerprint. */
  readonly hostKey: string;
  /** The folder that holds authorized_keys and nothing else. */
  readonly folder: string;
  readonly authorizedKeys: string;
  /** What authorized_keys holds now. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** OpenSSH's own server on loopback with these authorized keys, for the tests of key rotation. */
export async function startSshd(
  authorizedKeys: string,
  {
    settings = [],
    alsoElsewhere = false,
  }: { readonly settings?: readonly string[]; readonly alsoElsewhere?: boolean } = {},
): Promise<RealSshd> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-sshd-'));
  const folder = join(dir, 'keys');
  await mkdir(folder);
  const file = join(folder, 'authorized_keys');
  await writeFile(file, authorizedKeys, { mode: 0o600 });
  const elsewhere = join(dir, 'also_authorized');
  if (alsoElsewhere) await writeFile(elsewhere, authorizedKeys, { mode: 0o600 });
  const hostKey = makeKeyPair();
  await writeFile(join(dir, 'host_key'), hostKey.privateKey, { mode: 0o600 });
  const config = [
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host_key')}`,
    'PidFile none',
    'UsePAM no',
    // A folder below /tmp is open to everybody above it.
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // Not the home of whoever runs the tests: what his shell does at a login (pyenv's start, say) cost a second at each.
    `SetEnv HOME=${dir}`,
    // It then says when it listens.
    'LogLevel INFO',
    ...settings,
    `AuthorizedKeysFile ${file}${alsoElsewhere ? ` ${elsewhere}` : ''}`,
  ];
  await writeFile(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const { child, port } = await launch(dir);
  return {
    host: '127.0.0.1',
    port,
    username: userInfo().username,
    hostKey: fingerprintOf(hostKey.publicKey),
    folder,
    authorizedKeys: file,
    read: () => readFile(file, 'utf8'),
    write: (text) => writeFile(file, text, { mode: 0o600 }),
    async stop() {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Logs in with the system's own ssh client, as anybody would. */
export async function sshLogin(sshd: RealSshd, privateKey: string): Promise<boolean> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-key-'));
  try {
    await writeFile(join(dir, 'key'), privateKey);
    await chmod(join(dir, 'key'), 0o600);
    const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
    const target = ['-p', String(sshd.port), '-i', join(dir, 'key'), `${sshd.username}@${sshd.host}`, 'true'];
    await run('ssh', ['-F', 'none', ...options.flatMap((option) => ['-o', option]), ...target]);
    return true;
  } catch (error) {
    if (error instanceof Error && 'stderr' in error && String(error.stderr).includes('Permission denied')) return false;
    throw error;
  } finally {
    await rm(dir, { recursive: true });
  }
}

const portsTried = 5;

/**
 * On a port of its own. Whether it is ours is what sshd itself says: a port that was free a moment ago may belong to
 * another test's SSH server by now, and that one would answer too, and refuse our keys.
 */
async function launch(dir: string): Promise<{ child: ChildProcess; port: number }> {
  let said = '';
  for (let tries = 0; tries < portsTried; tries++) {
    const port = await freePort();
    // sshd wants its own absolute path, because it starts itself again for each connection.
    const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-p', String(port), '-f', join(dir, 'sshd_config')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    child.once('exit', () => process.removeListener('exit', killAtExit));
    said = '';
    const isListening = await new Promise<boolean>((resolve) => {
      child.once('exit', () => resolve(false));
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        if (said.includes(`Server listening on 127.0.0.1 port ${port}`)) resolve(true);
      });
    });
    if (isListening) return { child, port };
  }
  throw new Error(`sshd in ${dir} would not start: ${said}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
