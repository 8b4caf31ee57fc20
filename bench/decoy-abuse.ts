import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type ssh2 from 'ssh2';
import { startDecoyProcess } from '../engine/src/act/decoys/decoy-process.ts';
import { readTemplate } from '../engine/src/compose/decoys.ts';
import { projectDir } from '../engine/src/compose/project.ts';
import { enterDecoy } from './decoy-client.ts';

/** What visitors do to a machine that they do not own. Each is run by an attacker of its own, who does not wait for the end. */
const attacks: Readonly<Record<string, string>> = {
  'fork bomb': ':(){ :|:& };:',
  yes: 'yes | cat > /dev/null',
  'while true': 'while true; do :; done',
  'evil expression': 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E "^(a+)+$"',
  'doubling string': 'x=aaaaaaaaaa; while true; do x=$x$x; done',
  'full disk': 'dd if=/dev/zero of=/tmp/big bs=1M count=100000; for i in $(seq 1 100000); do echo $i > /tmp/f$i; done',
  // 30 MB of zeros in 30 kB, packed by the visitor's own means.
  'zip bomb':
    'head -c 8000000 /dev/zero | gzip > /tmp/a; cat /tmp/a /tmp/a /tmp/a /tmp/a > /tmp/b; zcat /tmp/b | wc -c; gzip -dc /tmp/b | gzip -dc',
  'Python that loops': "while :; do python3 -c 'while True: pass'; done",
  'Python that grows':
    'python3 -c \'x = []\nwhile True: x.append("a" * 1000000)\'; python3 -c "print(9 ** 9 ** 9)"; python3 -c "x = list(range(10 ** 9))"; python3 -c "x = \'a\' * 10 ** 10"',
  'Python of brackets': 'for i in 1 2 3 4; do python3 - <<E\n$(head -c 200000 /dev/zero | tr "\\0" "(")\nE\ndone',
  'Perl that loops': "while :; do perl -e '1 while 1'; done",
  'Perl that grows':
    "perl -e '$x = \"a\"; $x .= $x while 1'; perl -e 'push @x, \"a\" x 1000000 while 1'; perl -e '@x = (1) x 1000000000'",
  'Perl with an evil expression': `perl -e '"${'a'.repeat(40)}!" =~ /^(a+)+$/'`,
  'a trap that raises itself':
    "trap 'kill -TERM $$' TERM; kill -TERM $$; trap 'kill -USR1 $$; kill -USR1 $$' USR1; kill -USR1 $$",
  'hashes of passwords': 'while :; do openssl passwd -6 $(seq 1000); done',
  'zip bomb of zips':
    'cd /tmp; head -c 8000000 /dev/zero > z; for i in 1 2 3 4 5 6 7 8; do zip -q b.zip z; cp z z$i; zip -q b.zip z$i; done; while :; do unzip -p b.zip | wc -c; done',
};
const connections = 10_000;
const looks = 40;

/**
 * Attacks one decoy in all ways at once or one after the other, and meanwhile lets a visitor who does no harm type a line: how
 * long he waits. Then 10,000 connections that say nothing, and a here-document of a gigabyte. The decoy must live on.
 */
export async function benchDecoyAbuse(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-abuse-'));
  const decoy = await startDecoyProcess({
    projectDir,
    settings: {
      ...{ folder, sensor: 'bench', uuid: 'bench', host: '127.0.0.1', sshPort: 0, telnetPort: 0, httpPort: null },
      ...{ template: readTemplate('ubuntu-web'), seed: 'bench' },
    },
  });
  const port = decoy.ports.ssh ?? 0;
  try {
    const friend = await enterDecoy(port, '127.0.0.2');
    const quiet = await waits(friend);
    const during: Record<string, object> = {};
    let attacker = 3;
    for (const [name, line] of Object.entries(attacks)) {
      const client = await enterDecoy(port, `127.0.0.${attacker++}`);
      const busy = execute(client, line).catch(() => '');
      during[name] = await waits(friend);
      client.end();
      await busy;
    }
    during['gigabyte here-document'] = await whileFlooding(port, friend);
    during[`${connections} connections`] = await whileConnecting(port, friend);
    const memoryMb = Math.round(
      Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${decoy.pid}/status`, 'utf8'))?.[1]) / 1024,
    );
    friend.end();
    return { quietMs: quiet, othersWaitMs: during, memoryMbMost: memoryMb, isAlive: true };
  } finally {
    await decoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function waits(friend: ssh2.Client): Promise<{ p50: number; p95: number; most: number }> {
  const times: number[] = [];
  for (let look = 0; look < looks; look++) {
    const started = performance.now();
    const said = await execute(friend, 'echo $((6 * 7))');
    if (said.trim() !== '42') throw new Error(`The decoy said ${JSON.stringify(said)} instead of 42.`);
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => Math.round(times[Math.min(looks - 1, Math.floor(looks * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}

async function whileFlooding(port: number, friend: ssh2.Client): Promise<object> {
  const flood = new Worker(new URL('./decoy-flood.ts', import.meta.url), {
    workerData: { port, localAddress: '127.0.0.100' },
  });
  const result = await waits(friend);
  await flood.terminate();
  return result;
}

async function whileConnecting(port: number, friend: ssh2.Client): Promise<object> {
  const sockets: Socket[] = [];
  for (let made = 0; made < connections; made++) {
    const socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.${1 + Math.floor(made / 250)}.${1 + (made % 250)}`,
    });
    socket.on('error', () => undefined);
    sockets.push(socket);
    if (made % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const result = await waits(friend);
  for (const socket of sockets) socket.destroy();
  return result;
}

function execute(client: ssh2.Client, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const gone = () => resolve('');
    client.once('close', gone);
    client.exec(line, (error, channel) => {
      if (error) return reject(error);
      let said = '';
      channel.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString('latin1')).slice(-1000);
      });
      channel.stderr.on('data', () => undefined);
      channel.once('close', () => {
        client.off('close', gone);
        resolve(said);
      });
    });
  });
}
