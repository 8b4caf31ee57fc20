import { createHash } from 'node:crypto';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Planted, PluginRequest } from '@cerberusmesh/contract/cowrie-plugin';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lureBook } from '../src/act/cowrie/lures/book.ts';
import { type Kit, makeKit } from '../src/act/cowrie/lures/kit.ts';
import { pluginSocketPath } from '../src/act/cowrie/manifest.ts';
import { connectPlugin, type PluginConnection } from '../src/act/cowrie/plugin/connection.ts';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';

let cowrie: RealCowrie;

beforeAll(async () => {
  cowrie = await startCowrie({ prepare: true, plugin: true, telnet: true });
}, 300_000);

afterAll(() => cowrie.stop());

describe('a visitor of a Cowrie with our plugin', () => {
  it('finds credentials at the first cat that asks for them, with sizes and dates that agree, and is not cut', async () => {
    const { connection, kits, planted } = await anArmedPlugin(1);
    const shell = await cowrie.login({ localAddress: '127.0.1.1' });
    const shown = await shell.type('cat /root/.aws/credentials');
    expect(shown).toBe(contentOf(kits[0], '~/.aws/credentials'));
    expect(await shell.type('ls -la /root/.aws')).toMatch(
      new RegExp(`^-rw------- 1 root root +${shown.length} .* credentials$`, 'm'),
    );
    expect(await shell.type('find /root/.aws -name credentials')).toContain('/root/.aws/credentials');
    expect(shell.isOpen()).toBe(true);
    expect(await reportsOf(planted, '127.0.1.1')).toMatchObject([
      { kit: kits[0]?.id, trap: 'AWS_CREDENTIALS', input: 'cat /root/.aws/credentials' },
    ]);
    connection.close();
  });

  it('finds the same again in every channel and after a return, and another attacker finds his own', async () => {
    const { connection, kits } = await anArmedPlugin(2);
    const first = await cowrie.login({ localAddress: '127.0.1.2' });
    const shown = await first.type('cat ~/.git-credentials');
    expect(shown).toBe(contentOf(kits[0], '~/.git-credentials'));
    first.close();
    const back = await cowrie.login({ localAddress: '127.0.1.2' });
    expect(await back.type('ls -la /root')).toContain('.git-credentials');
    expect(await back.type('cat /root/.git-credentials')).toBe(shown);
    const other = await cowrie.login({ localAddress: '127.0.1.3' });
    expect(await other.type('cat ~/.git-credentials')).toBe(contentOf(kits[1], '~/.git-credentials'));
    connection.close();
  });

  it('keeps what he wrote or removed himself', async () => {
    const { connection, planted } = await anArmedPlugin(1);
    const shell = await cowrie.login({ localAddress: '127.0.1.4' });
    await shell.type('echo mine > /root/.pgpass');
    expect(await shell.type('cat /root/.pgpass')).toBe('mine\n');
    await shell.type('cat /root/.my.cnf; rm /root/.my.cnf');
    expect(await shell.type('cat /root/.my.cnf')).toContain('No such file');
    const [report] = await reportsOf(planted, '127.0.1.4');
    expect(report).toMatchObject({ trap: 'DATABASE_CLIENT' });
    expect(await shell.type('cat /root/.pgpass')).toBe('mine\n');
    connection.close();
  });

  it('finds his own in his own home, and over telnet', async () => {
    const { connection, kits } = await anArmedPlugin(1);
    const shell = await openTelnet(cowrie.telnetPort ?? 0);
    expect(await shell.type('cat ~/.kube/config')).toContain(
      contentOf(kits[0], '~/.kube/config').trimEnd().split('\n').at(-1),
    );
    shell.close();
    connection.close();
  });

  it('finds nothing new once the engine has gone, and goes on undisturbed', async () => {
    const { connection, kits } = await anArmedPlugin(1);
    const shell = await cowrie.login({ localAddress: '127.0.1.5' });
    const found = await shell.type('cat ~/.git-credentials');
    expect(found).toBe(contentOf(kits[0], '~/.git-credentials'));
    connection.close();
    await connection.ended;
    await connectAndClose();
    expect(await shell.type('cat ~/infra/terraform.tfvars')).not.toContain('AKIA');
    expect(await shell.type('cat ~/.git-credentials')).toBe(found);
    expect(shell.isOpen()).toBe(true);
  });

  it('of our own networks sees the world as it is, and a loopback visitor is in the control group only where all are', async () => {
    const never = ['192.0.2.0/24', '127.0.1.9'];
    const { connection, planted } = await anArmedPlugin(2, { share: 0.999, key: 'ab' }, never);
    const ours = await cowrie.login({ localAddress: '127.0.1.9' });
    expect(await ours.type('cat ~/.aws/credentials')).not.toContain('AKIA');
    const other = await cowrie.login({ localAddress: '127.0.1.10' });
    expect(await other.type('cat ~/.aws/credentials')).toContain('AKIA');
    await reportsOf(planted, '127.0.1.10');
    expect(planted.filter(({ src_ip }) => src_ip === '127.0.1.9')).toEqual([]);
    connection.close();
  });

  it('of the control group, and our own probe, see the world as it is', async () => {
    const { connection, planted } = await anArmedPlugin(1, { share: 1, key: 'ab' });
    const spared = await cowrie.login({ localAddress: '127.0.1.6' });
    expect(await spared.type('cat ~/.aws/credentials')).not.toContain('AKIA');
    connection.close();
    const armed = await anArmedPlugin(1);
    await armed.connection.ask({ op: 'expect', version: 'SSH-2.0-OpenSSH_9.6p1 Debian-probe' });
    const probe = await cowrie.login({ localAddress: '127.0.1.6', ident: 'OpenSSH_9.6p1 Debian-probe' });
    expect(await probe.type('cat ~/.aws/credentials')).not.toContain('AKIA');
    const { sessions } = await armed.connection.ask({ op: 'sessions' });
    // The visitor before is still here; the probe is nobody who could be cut.
    expect(sessions?.length).toBeGreaterThan(0);
    expect([...planted, ...armed.planted].filter(({ src_ip }) => src_ip === '127.0.1.6')).toEqual([]);
    armed.connection.close();
  });
});

describe('the plugin', () => {
  it('plants into one live session what the engine decides, and says what is seen there', async () => {
    const { connection, kits, planted } = await anArmedPlugin(2);
    const shell = await cowrie.login({ localAddress: '127.0.1.7' });
    await shell.type('cat ~/.git-credentials');
    const [report] = await reportsOf(planted, '127.0.1.7');
    const files = [...(kits[1]?.files ?? [])].filter(({ trap }) => trap === 'DOCKER_CONFIG');
    const { files: seen } = await connection.ask({ op: 'plant', session: report?.session ?? '', files });
    const text = contentOf(kits[1], '~/.docker/config.json');
    expect(seen).toEqual([{ path: '/root/.docker/config.json', size: text.length, sha256: sha256(text) }]);
    expect(await shell.type('cat /root/.docker/config.json')).toBe(text);
    connection.close();
  });

  it.each([
    { request: { op: 'plant', session: 'a', files: [] }, why: /no shell is open/ },
    { request: { op: 'plant', session: '../x', files: [] }, why: /session has another form/ },
    { request: { op: 'stock', kit: 'a', files: [{ path: '/../etc/passwd' }] }, why: /arm first/ },
    { request: { op: 'arm', traps: [{ name: 'TRAP', words: ['x'] }], spared: null }, why: /2 to 100 characters/ },
    { request: { op: 'launch' }, why: /not known/ },
  ])('refuses $request.op that it cannot take ($why), and Cowrie goes on', async ({ request, why }) => {
    const connection = await connectPlugin({ socketPath: join(cowrie.dir, pluginSocketPath) });
    // `as`: what this sends is what the type forbids.
    await expect(connection.ask(request as PluginRequest)).rejects.toThrow(why);
    connection.close();
  });

  it('leaves whoever sends what is no message, and answers the next', async () => {
    for (const text of ['\0\0\n', '{"op":1}\n', '[]\n', 'x'.repeat(3_000_000), `${'['.repeat(100_000)}\n`]) {
      const socket = createConnection(join(cowrie.dir, pluginSocketPath));
      const heard = new Promise<string>((resolve) => {
        let all = '';
        socket.on('data', (bytes) => {
          all += bytes.toString();
          if (all.includes('refused')) resolve(all);
        });
        socket.once('close', () => resolve(all));
        socket.on('error', () => resolve(all));
      });
      socket.write(text);
      await heard;
      socket.destroy();
    }
    await connectAndClose();
    const shell = await cowrie.login();
    expect(await shell.type('echo here')).toBe('here\n');
  });

  it('says a report again until it is acknowledged, so that a planted secret is never unknown', async () => {
    const heard: Planted[] = [];
    const silent = await connectPlugin({
      socketPath: join(cowrie.dir, pluginSocketPath),
      onPlanted: (report) => heard.push(report),
    });
    await arm(silent, 1);
    const shell = await cowrie.login({ localAddress: '127.0.1.8' });
    await shell.type('cat ~/.aws/credentials');
    await reportsOf(heard, '127.0.1.8');
    silent.close();
    await silent.ended;
    const { connection, planted } = await anArmedPlugin(0);
    expect(await reportsOf(planted, '127.0.1.8')).toHaveLength(1);
    expect(planted).toEqual(heard);
    connection.close();
    const again = await anArmedPlugin(0);
    expect(again.planted).toEqual([]);
    again.connection.close();
  });

  it('that does not know this version of Cowrie stays out, and Cowrie runs without it', async () => {
    const stranger = await startCowrie({ prepare: true, plugin: true, triedWith: '9.9.9' });
    const shell = await stranger.login();
    expect(await shell.type('echo here')).toBe('here\n');
    await expect(connectPlugin({ socketPath: join(stranger.dir, pluginSocketPath) })).rejects.toThrow(
      /nothing of ours listens/,
    );
    await stranger.stop();
  });
});

/** What an earlier test closed the line on comes again, so reports are told apart by the visitor's address. */
async function reportsOf(planted: readonly Planted[], address: string): Promise<Planted[]> {
  return await vi.waitFor(() => {
    const found = planted.filter(({ src_ip }) => src_ip === address);
    expect(found.length).toBeGreaterThan(0);
    return found;
  }, 20_000);
}

async function connectAndClose(): Promise<void> {
  (await connectPlugin({ socketPath: join(cowrie.dir, pluginSocketPath) })).close();
}

async function anArmedPlugin(
  count: number,
  spared: { share: number; key: string } | null = null,
  never: string[] = [],
): Promise<{ connection: PluginConnection; kits: Kit[]; planted: Planted[] }> {
  const planted: Planted[] = [];
  const connection = await connectPlugin({
    socketPath: join(cowrie.dir, pluginSocketPath),
    onPlanted(report) {
      planted.push(report);
      connection.acknowledge(report);
    },
  });
  return { connection, kits: await arm(connection, count, spared, never), planted };
}

async function arm(
  connection: PluginConnection,
  count: number,
  spared: { share: number; key: string } | null = null,
  never: string[] = [],
) {
  const traps = lureBook.lures.map(({ name, looksFor }) => ({ name, words: [...looksFor] }));
  await connection.ask({ op: 'arm', traps, spared, never });
  const where = { hostname: 'app-03', domain: 'internal' };
  const kits = Array.from({ length: count }, () => makeKit(lureBook, where, new Date()));
  for (const { id, files } of kits) await connection.ask({ op: 'stock', kit: id, files: [...files] });
  return kits;
}

function contentOf(kit: Kit | undefined, path: string): string {
  return Buffer.from(kit?.files.find((file) => file.path === path)?.content ?? '', 'base64').toString('utf8');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A plain telnet client: it negotiates nothing, as bots do. */
async function openTelnet(port: number) {
  const socket = createConnection({ port, host: '127.0.0.1' });
  let shown = '';
  let wake = () => {};
  socket.on('data', (bytes) => {
    shown += bytes.toString('latin1');
    wake();
  });
  const until = async (form: RegExp) => {
    while (!form.test(shown)) await new Promise<void>((resolve) => (wake = resolve));
    const text = shown;
    shown = '';
    return text;
  };
  await until(/login: $/);
  socket.write('root\r\n');
  await until(/Password: $/);
  socket.write('a-guess\r\n');
  await until(/[#] .*$/);
  return {
    async type(line: string) {
      socket.write(`${line}\r\n`);
      return await until(/[#] [^\n]*$/);
    },
    close: () => socket.destroy(),
  };
}
