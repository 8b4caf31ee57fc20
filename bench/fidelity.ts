import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type ssh2 from 'ssh2';
import { startDecoyProcess } from '../engine/src/act/decoys/decoy-process.ts';
import { readTemplate } from '../engine/src/compose/decoys.ts';
import { projectDir } from '../engine/src/compose/project.ts';
import { enterDecoy } from './decoy-client.ts';
import { compareSaid, type Said, type Verdict } from './fidelity-compare.ts';
import { readAttackersLines, readLines } from './fidelity-lines.ts';
import { collectSaid, createRealShell } from './fidelity-root.ts';

interface Result {
  readonly line: string;
  readonly times: number;
  readonly verdict: Verdict;
  readonly real: Said;
  readonly ours: Said;
}

/**
 * The same lines in our decoy and in a real Debian that has the persona's programs, made by `deploy/test/fidelity-root.sh ROOT`. Each line
 * begins in a fresh world as root, on both sides; how answers compare is told in fidelity-compare.ts.
 */
export async function benchFidelity({
  root,
  file = join(import.meta.dirname, 'fidelity-lines.txt'),
  data,
}: {
  readonly root: string | undefined;
  /** One command a line; without it our own. */
  readonly file?: string;
  /** A folder of Cowrie's logs instead: what attackers typed. */
  readonly data?: string;
}): Promise<object> {
  if (root === undefined || !existsSync(join(root, 'usr', 'bin', 'bash'))) {
    throw new Error('Give a Debian root: --root DIR, made as root by `deploy/test/fidelity-root.sh DIR`.');
  }
  const lines = data === undefined ? readLines(file).map((line) => ({ line, times: 1 })) : readAttackersLines(data);
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-fidelity-'));
  const decoy = await startDecoyProcess({
    projectDir,
    settings: {
      ...{ folder, sensor: 'bench', uuid: 'bench', host: '127.0.0.1', sshPort: 0, telnetPort: null, httpPort: null },
      ...{ template: readTemplate('debian-database'), seed: 'bench' },
    },
  });
  const runReal = createRealShell(root, join(folder, 'real'));
  const results: Result[] = [];
  try {
    const names = [
      ...(await ownNames(runReal)),
      ...(await ownNames((line) => runInDecoy(decoy.ports.ssh ?? 0, 50_000, line))),
    ];
    for (const [index, { line, times }] of lines.entries()) {
      const [real, ours] = await Promise.all([runReal(line), runInDecoy(decoy.ports.ssh ?? 0, index, line)]);
      results.push({ line, times, verdict: compareSaid(line, real, ours, names), real, ours });
    }
    return report(results);
  } finally {
    await decoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a machine calls itself, its kernel, its processor and its network card, as whole and word by word. */
async function ownNames(run: (line: string) => Promise<Said>): Promise<string[]> {
  const { stdout } = await run(
    "hostname; uname -r; uname -v; grep -m1 'model name' /proc/cpuinfo | cut -d: -f2; ls /sys/class/net | grep -v lo",
  );
  const asked = stdout.split('\n').map((name) => name.trim());
  return asked.flatMap((name) => [name, ...name.split(/\s+/)]).filter((name) => /[^\d]/.test(name));
}

function report(results: readonly Result[]): object {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const good = results.filter(({ verdict }) => verdict !== 'different');
  const sum = (some: readonly Result[]) => some.reduce((all, { times }) => all + times, 0);
  return {
    lines: results.length,
    equal: count('equal'),
    plausible: count('plausible'),
    sameForm: count('same form'),
    share: Number((good.length / results.length).toFixed(3)),
    /** Each line counted as often as attackers typed it. */
    shareOfTyped: Number((sum(good) / sum(results)).toFixed(3)),
    different: results.flatMap(({ line, times, verdict, real, ours }) =>
      verdict === 'different' ? [{ line, times, real: short(real), decoy: short(ours) }] : [],
    ),
  };
}

/** As a new attacker: nobody's world is found again. */
async function runInDecoy(port: number, index: number, line: string): Promise<Said> {
  const client = await enterDecoy(port, `127.1.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`);
  try {
    return await runDecoy(client, line);
  } finally {
    client.destroy();
  }
}

const decoyMs = 8_000;

function runDecoy(client: ssh2.Client, line: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let status = -1;
      channel.on('exit', (code: number | null) => {
        status = code ?? -1;
      });
      channel.end();
      // The real one is ended after the same time.
      const timer = setTimeout(() => channel.close(), decoyMs);
      void collectSaid(channel, channel.stderr, (done) => channel.once('close', () => done(status)))
        .finally(() => clearTimeout(timer))
        .then(resolve);
    });
  });
}

function short({ stdout, stderr, status }: Said): string {
  return `${status}: ${stdout.slice(0, 160)}${stderr.slice(0, 160)}`;
}
