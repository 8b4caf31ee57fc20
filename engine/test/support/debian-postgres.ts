import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface DebianPostgres {
  readonly url: string;
  readonly major: number;
  /** Stops it at once, as a crash of its machine would; `start` brings it back. */
  crash(): void;
  start(): void;
  stop(): void;
}

const nobody = { uid: 65_534, gid: 65_534 };

/** The folder of Debian's PostgreSQL programs; `npm test` installs them. */
export function findDebianPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root) ? readdirSync(root).sort() : [];
  const newest = majors.at(-1);
  return newest === undefined ? undefined : join(root, newest, 'bin');
}

/**
 * A server of Debian's PostgreSQL in a temporary folder, durable as it is configured by default unless `isDurable` is false:
 * on a busy disk that costs half a minute, and only tests of crashes need it.
 */
export async function startDebianPostgres(
  bin: string,
  { isDurable = true }: { readonly isDurable?: boolean } = {},
): Promise<DebianPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-debian-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  const cluster = join(folder, 'cluster');
  const port = await freePort();
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...(isRoot ? nobody : {}),
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    });
  const options = ['-U', 'cerberus', '-A', 'trust', '-E', 'UTF8', '--locale=C', ...(isDurable ? [] : ['--no-sync'])];
  run('initdb', '-D', cluster, ...options);
  const start = () => {
    run(
      'pg_ctl',
      '-D',
      cluster,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=${isDurable ? 'on' : 'off'}`,
      'start',
    );
  };
  start();
  return {
    url: `postgresql://cerberus@127.0.0.1:${port}/postgres`,
    major: Number(/\/(\d+)\/bin$/.exec(bin)?.[1]),
    start,
    crash: () => void run('pg_ctl', '-D', cluster, '-m', 'immediate', 'stop'),
    stop() {
      spawnSync(join(bin, 'pg_ctl'), ['-D', cluster, '-m', 'immediate', 'stop'], {
        ...(isRoot ? nobody : {}),
        cwd: folder,
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A streaming replica of that server, in `folder`. */
export async function startDebianReplica(bin: string, folder: string, primaryUrl: string) {
  const cluster = join(folder, 'replica');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, nobody.uid, nobody.gid);
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...(isRoot ? nobody : {}),
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
    });
  run('pg_basebackup', '-d', primaryUrl, '-D', cluster, '-R', '-X', 'stream', '-c', 'fast');
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=`;
  const start = () => run('pg_ctl', '-D', cluster, '-w', '-l', join(folder, 'replica.log'), '-o', settings, 'start');
  start();
  return { cluster, run, start, url: `postgresql://cerberus@127.0.0.1:${port}/postgres` };
}
