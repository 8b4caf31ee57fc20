import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { startDecoyProcess } from '../engine/src/act/decoys/decoy-process.ts';
import { readTemplate } from '../engine/src/compose/decoys.ts';
import { projectDir } from '../engine/src/compose/project.ts';

interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/**
 * The same lines in our decoy and in bash of a real Debian root without a network, made by
 * `debootstrap --variant=minbase bookworm ROOT`. Each line begins in a fresh shell as root.
 *
 * `equal`: standard output, error and status are the same. `plausible`: the same status, and the same text once numbers,
 * dates, host names and amounts of blanks are taken away, because these differ between two real machines too. Anything
 * else is `different` and listed.
 */
export async function benchFidelity({
  root,
  file = join(import.meta.dirname, 'fidelity-lines.txt'),
}: {
  readonly root: string | undefined;
  /** One command a line; without it our own. */
  readonly file?: string;
}): Promise<object> {
  if (root === undefined || !existsSync(join(root, 'bin', 'bash'))) {
    throw new Error('Give a Debian root: --root DIR, made as root by `debootstrap --variant=minbase bookworm DIR`.');
  }
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '));
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-fidelity-'));
  const decoy = await startDecoyProcess({
    projectDir,
    settings: {
      ...{ folder, sensor: 'bench', uuid: 'bench', host: '127.0.0.1', sshPort: 0, telnetPort: null, httpPort: null },
      ...{ template: readTemplate('debian-database'), seed: 'bench' },
    },
  });
  try {
    const client = await connect(decoy.ports.ssh ?? 0);
    const results: { line: string; verdict: string; real: Said; decoy: Said }[] = [];
    for (const line of lines) {
      const [real, ours] = [await runReal(root, line), await runDecoy(client, line)];
      results.push({ line, verdict: compare(real, ours, decoy.hostname), real, decoy: ours });
    }
    client.end();
    const count = (verdict: string) => results.filter((result) => result.verdict === verdict).length;
    const share = (count('equal') + count('plausible')) / results.length;
    return {
      lines: results.length,
      equal: count('equal'),
      plausible: count('plausible'),
      share: Number(share.toFixed(3)),
      different: results.flatMap(({ line, verdict, real, decoy: ours }) =>
        verdict === 'different' ? [{ line, real: short(real), decoy: short(ours) }] : [],
      ),
    };
  } finally {
    await decoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(real: Said, ours: Said, hostname: string): string {
  if (real.stdout === ours.stdout && real.stderr === ours.stderr && real.status === ours.status) return 'equal';
  const bare = ({ stdout, stderr }: Said) =>
    `${stdout}\n${stderr}`
      .replaceAll(hostname, 'HOST')
      .replace(/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, 'DATE')
      .replace(/[0-9]+/g, '0')
      .replace(/\s+/g, ' ');
  return real.status === ours.status && bare(real) === bare(ours) ? 'plausible' : 'different';
}

/** A network namespace of its own, so that a line that reaches out finds nothing on the real side either. */
function runReal(root: string, line: string): Promise<Said> {
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/root',
    USER: 'root',
    LOGNAME: 'root',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
  };
  const child = spawn(
    '/usr/bin/unshare',
    ['--net', '--pid', '--fork', '--mount-proc', '/usr/sbin/chroot', root, 'env', '-C', '/root', 'bash', '-c', line],
    { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 },
  );
  return collect(child.stdout, child.stderr, (done) => child.once('close', (status) => done(status ?? -1)));
}

function runDecoy(client: ssh2.Client, line: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let status = -1;
      channel.on('exit', (code: number | null) => {
        status = code ?? -1;
      });
      channel.end();
      void collect(channel, channel.stderr, (done) => channel.once('close', () => done(status))).then(resolve);
    });
  });
}

function collect(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  ended: (done: (status: number) => void) => void,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  stdout.on('data', (bytes: Buffer) => {
    said.stdout += bytes.toString('latin1');
  });
  stderr.on('data', (bytes: Buffer) => {
    said.stderr += bytes.toString('latin1');
  });
  return new Promise((resolve) => ended((status) => resolve({ ...said, status })));
}

function connect(port: number): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client));
    client.once('error', reject);
    client.connect({ host: '127.0.0.1', port, username: 'root', password: 'bench' });
  });
}

function short({ stdout, stderr, status }: Said): string {
  return `${status}: ${stdout.slice(0, 160)}${stderr.slice(0, 160)}`;
}
