import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf, makeKeyPair } from '../../src/act/rotate-key/key-pair.ts';

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
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host_key')}`,
    'PidFile none',
    'UsePAM no',
    // A folder below /tmp is open to everybody above it.
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'LogLevel ERROR',
    ...settings,
    `AuthorizedKeysFile ${file}${alsoElsewhere ? ` ${elsewhere}` : ''}`,
  ];
  await writeFile(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const child = await launch(dir, port);
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

/** sshd wants its own absolute path, because it starts itself again for each connection. */
async function launch(dir: string, port: number): Promise<ChildProcess> {
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(dir, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`sshd in ${dir} ended with ${child.exitCode}: ${said}`);
  }
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const answered = await Promise.race([
    once(socket, 'data').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return answered;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
