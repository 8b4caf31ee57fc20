import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RealSshd, startSshd } from '../../../test/support/sshd.ts';
import { makeKeyPair } from '../rotate-key/key-pair.ts';
import { createNftFirewall, type Firewall } from './firewall.ts';
import { runNftHere, runNftOver } from './run-nft.ts';

type Login = Parameters<typeof runNftOver>[0];

const namespace = `cerberus-${process.pid}`;
const signal = new AbortController().signal;
const inNamespace = ['ip', 'netns', 'exec', namespace];

// A container without CAP_NET_ADMIN cannot make a namespace; the reason is told by the skipped test's name.
const made = process.getuid?.() === 0 && spawnSync('ip', ['netns', 'add', namespace]).status === 0;
afterAll(() => {
  if (made) execFileSync('ip', ['netns', 'del', namespace]);
});

describe.skipIf(!made)(
  `nftables in a network namespace of its own (skipped where one cannot be made: needs root)`,
  () => {
    let firewall: Firewall;
    beforeAll(() => {
      execFileSync('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
      execFileSync('ip', ['-n', namespace, 'addr', 'add', '198.51.100.7/32', 'dev', 'lo']);
      firewall = createNftFirewall('test', runNftHere([...inNamespace, 'nft']));
    });

    it.each(['198.51.100.7', '2001:db8::7', '2001:DB8:0::0:7'])(
      'blocks %s, lists it, and takes it out again',
      async (address) => {
        await firewall.block(address, 60, signal);
        expect(await firewall.lists(address, signal)).toBe(true);
        await firewall.unblock(address, signal);
        expect(await firewall.lists(address, signal)).toBe(false);
      },
    );

    it('truly drops what comes from there, and lets it through afterwards', async () => {
      expect(answersPing()).toBe(true);
      await firewall.block('198.51.100.7', 60, signal);
      expect(answersPing()).toBe(false);
      await firewall.unblock('198.51.100.7', signal);
      expect(answersPing()).toBe(true);
    });

    it('is forgotten by the kernel itself when its time is over', async () => {
      await firewall.block('203.0.113.9', 1, signal);
      await expect.poll(() => firewall.lists('203.0.113.9', signal), { timeout: 10_000 }).toBe(false);
    });

    it('may be asked twice: the later time holds, and the rules are there once', async () => {
      await firewall.block('203.0.113.10', 1, signal);
      await firewall.block('203.0.113.10', 300, signal);
      await firewall.unblock('203.0.113.11', signal);
      const listing = execFileSync('ip', [...inNamespace.slice(1), 'nft', 'list', 'table', 'inet', 'cerberusmesh'], {
        encoding: 'utf8',
      });
      expect(listing.match(/ip saddr @blocked4 drop/g)).toHaveLength(2);
      expect(listing).toMatch(/203\.0\.113\.10 timeout 5m/);
    });

    it.each(['', '1.2.3.4 }; flush ruleset', 'fe80::1%eth0', '10.0.0.0/8'])('refuses "%s"', async (address) => {
      await expect(firewall.block(address, 60, signal)).rejects.toThrow('no address');
    });
  },
);

/** A datagram within the namespace, from the address: what is dropped on input never arrives. */
function answersPing(): boolean {
  const script = `
import socket
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 0)); a.settimeout(0.5)
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); b.bind(('198.51.100.7', 0))
b.sendto(b'x', a.getsockname())
a.recv(1)`;
  return spawnSync('ip', [...inNamespace.slice(1), 'python3', '-c', script]).status === 0;
}

describe.skipIf(!made)(`nftables of a named host over SSH (skipped where no namespace can be made: needs root)`, () => {
  const key = makeKeyPair();
  let host: RealSshd;
  beforeAll(async () => {
    host = await startSshd(`${key.publicKey} locks-down\n`);
  }, 30_000);
  afterAll(() => host.stop());

  it('blocks an address there, lists it, and takes it out again', async () => {
    const firewall = openFirewall();
    await firewall.block('198.51.100.8', 60, signal);
    expect(await firewall.lists('198.51.100.8', signal)).toBe(true);
    await firewall.unblock('198.51.100.8', signal);
    expect(await firewall.lists('198.51.100.8', signal)).toBe(false);
  }, 30_000);

  it.each<{ where: string; differs: () => Partial<Login>; command?: string; says: RegExp }>([
    { where: 'shows another host key', differs: () => ({ hostKey: 'SHA256:AAAA' }), says: /host key/i },
    { where: 'refuses our key', differs: () => ({ privateKey: makeKeyPair().privateKey }), says: /refuses the key/ },
    { where: 'has no nft', differs: () => ({}), command: '/nowhere/nft', says: /nft on 127\.0\.0\.1 failed/ },
  ])(
    'says so where the host $where, and blocks nothing',
    async ({ differs, command, says }) => {
      await expect(openFirewall(differs(), command).block('198.51.100.9', 60, signal)).rejects.toThrow(says);
      expect(await openFirewall().lists('198.51.100.9', signal)).toBe(false);
    },
    30_000,
  );

  function openFirewall(differs: Partial<Login> = {}, command = 'nft'): Firewall {
    const { host: address, port, username, hostKey } = host;
    const login = { host: address, port, username, hostKey, privateKey: key.privateKey, ...differs };
    return createNftFirewall('named', runNftOver(login, [...inNamespace, command]));
  }
});
