import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result, readOptions, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { nameOf } from './identity.ts';

/** Keys that are real: made here, kept in the visitor's world, and told by their fingerprint. */
export const keygenPrograms: Programs = { 'ssh-keygen': keygen };

async function keygen(call: Call): Promise<Result> {
  const { flags } = readOptions(call.args, 'tbfNCRFPm');
  if (flags.has('R') || flags.has('F')) return knownHosts(call, flags.has('R') ? 'R' : 'F');
  if (flags.has('l')) return fingerprint(call, flags.get('f') ?? '/root/.ssh/id_rsa');
  if (flags.has('y')) return publicOf(call, flags.get('f') ?? '/root/.ssh/id_rsa');
  if (flags.has('A')) return { stdout: 'ssh-keygen: generating new host keys: \n' };
  return await generate(call, flags);
}

interface Pair {
  readonly type: string;
  readonly bits: number;
  readonly blob: Buffer;
  readonly secret: Buffer;
}

const kinds: Readonly<Record<string, string>> = { rsa: 'RSA', ed25519: 'ED25519', ecdsa: 'ECDSA' };
/** More costs a second of the thread. */
const rsaBitsMax = 4096;

async function generate(call: Call, flags: ReadonlyMap<string, string>): Promise<Result> {
  const { machine, shell } = call;
  const kind = flags.get('t') ?? 'rsa';
  const isQuiet = flags.has('q');
  if (!Object.hasOwn(kinds, kind)) return fail(`unknown key type ${kind}\n`, 255);
  let said = isQuiet ? '' : `Generating public/private ${kind} key pair.\n`;
  const home = shell.env.get('HOME') ?? '/root';
  const usual = `${home}/.ssh/id_${kind}`;
  const given = flags.get('f') ?? (await machine.ask(`${said}Enter file in which to save the key (${usual}): `, true));
  if (flags.get('f') === undefined) said = '';
  const place = given || usual;
  const path = resolvePath(shell.cwd, place);
  if (machine.world.find(path)) {
    const answer = await machine.ask(`${said}${place} already exists.\nOverwrite (y/n)? `, true);
    if (answer === null || !/^y/i.test(answer))
      return { stdout: answer === null ? `${said}${place} already exists.\nOverwrite (y/n)? ` : '', exitCode: 1 };
    said = '';
  }
  if (!flags.has('N'))
    for (const prompt of ['Enter passphrase (empty for no passphrase): ', 'Enter same passphrase again: '])
      await machine.ask(prompt, false);
  const pair = makePair(kind, Math.min(rsaBitsMax, Math.max(1024, Number(flags.get('b') ?? 3072) || 3072)));
  const comment = flags.get('C') ?? `${nameOf(machine)}@${machine.persona.hostname}`;
  try {
    machine.world.write(path, Buffer.from(pemOf(pair, comment)), machine.actor, 0o600);
    machine.world.change(path, machine.actor, { mode: 0o600 });
    const line = `${pair.type} ${pair.blob.toString('base64')} ${comment}\n`;
    machine.world.write(`${path}.pub`, Buffer.from(line), machine.actor, 0o644);
  } catch {
    return fail(`${said}Saving key "${place}" failed: No such file or directory\n`);
  }
  if (isQuiet) return {};
  return say(
    `${said}Your identification has been saved in ${place}\nYour public key has been saved in ${place}.pub\nThe key fingerprint is:\n${printOf(pair.blob)} ${comment}\nThe key's randomart image is:\n${randomArt(pair, kinds[kind] ?? '')}`,
  );
}

function makePair(kind: string, bits: number): Pair {
  const zero = (text: string) => Buffer.from(text, 'base64url');
  if (kind === 'rsa') {
    const {
      n = '',
      e = '',
      d = '',
      p = '',
      q = '',
      qi = '',
    } = jwkOf(generateKeyPairSync('rsa', { modulusLength: bits }));
    const blob = Buffer.concat([text('ssh-rsa'), number(zero(e)), number(zero(n))]);
    const secret = Buffer.concat([text('ssh-rsa'), ...[n, e, d, qi, p, q].map((each) => number(zero(each)))]);
    return { type: 'ssh-rsa', bits, blob, secret };
  }
  if (kind === 'ecdsa') {
    const { x = '', y = '', d = '' } = jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    const type = 'ecdsa-sha2-nistp256';
    const point = sized(Buffer.concat([Buffer.of(4), zero(x), zero(y)]));
    const blob = Buffer.concat([text(type), text('nistp256'), point]);
    return { type, bits: 256, blob, secret: Buffer.concat([blob, number(zero(d))]) };
  }
  const { x = '', d = '' } = jwkOf(generateKeyPairSync('ed25519'));
  const blob = Buffer.concat([text('ssh-ed25519'), sized(zero(x))]);
  const secret = Buffer.concat([blob, sized(Buffer.concat([zero(d), zero(x)]))]);
  return { type: 'ssh-ed25519', bits: 256, blob, secret };
}

function jwkOf({ privateKey }: { readonly privateKey: KeyObject }) {
  return privateKey.export({ format: 'jwk' });
}

/** The form of OpenSSH's own, without a passphrase: PROTOCOL.key of its sources. */
function pemOf({ blob, secret }: Pair, comment: string): string {
  const check = Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(4)));
  const bare = Buffer.concat([check, check, secret, text(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (bare.length % 8)) % 8 }, (_, at) => at + 1));
  const whole = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[text('none'), text('none'), text('')],
    ...[Buffer.of(0, 0, 0, 1), sized(blob), sized(Buffer.concat([bare, padding]))],
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${whole.toString('base64').replace(/.{1,70}/g, '$&\n')}-----END OPENSSH PRIVATE KEY-----\n`;
}

function text(value: string): Buffer {
  return sized(Buffer.from(value));
}

function sized(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Numbers are signed on the wire. */
function number(bytes: Buffer): Buffer {
  return sized((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

function printOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The drunken bishop of OpenSSH: a walk over a board of 17 by 9, steered by the hash. */
function randomArt({ blob, bits }: Pair, name: string): string {
  const board = new Uint8Array(17 * 9);
  let [x, y] = [8, 4];
  for (const byte of createHash('sha256').update(blob).digest())
    for (let pair = 0; pair < 4; pair++) {
      const step = (byte >> (pair * 2)) & 3;
      x = Math.min(16, Math.max(0, x + (step & 1 ? 1 : -1)));
      y = Math.min(8, Math.max(0, y + (step & 2 ? 1 : -1)));
      const at = y * 17 + x;
      board[at] = Math.min(14, (board[at] ?? 0) + 1);
    }
  const signs = ' .o+=*BOX@%&#/^SE';
  const cell = (at: number) => (at === 76 ? 'S' : at === y * 17 + x ? 'E' : (signs[board[at] ?? 0] ?? ' '));
  const rows = Array.from({ length: 9 }, (_, row) =>
    Array.from({ length: 17 }, (__, column) => cell(row * 17 + column)).join(''),
  );
  const framed = (title: string) => `+${title.padStart(Math.ceil((17 + title.length) / 2), '-').padEnd(17, '-')}+\n`;
  return `${framed(`[${name} ${bits}]`)}${rows.map((row) => `|${row}|\n`).join('')}${framed('[SHA256]')}`;
}

function fingerprint(call: Call, operand: string): Result {
  const found = wholeFile(call, operand)?.toString('utf8');
  const line = /^(?:ssh-|ecdsa-)/.test(found ?? '') ? found : wholeFile(call, `${operand}.pub`)?.toString('utf8');
  if (found === undefined && line === undefined)
    return fail(`ssh-keygen: ${operand}: No such file or directory\r\n`, 255);
  const rows = (line ?? '').split('\n').flatMap((row) => {
    const [type = '', blob = '', ...comment] = row.trim().split(' ');
    const bytes = Buffer.from(blob, 'base64');
    const kind = /rsa|ed25519|ecdsa/.exec(type)?.[0] ?? '';
    if (!Object.hasOwn(kinds, kind) || bytes.length < 20) return [];
    return `${kind === 'rsa' ? (bytes.length - 22) * 8 : 256} ${printOf(bytes)} ${comment.join(' ') || 'no comment'} (${kinds[kind]})\n`;
  });
  return rows.length === 0 ? fail(`${operand} is not a public key file.\n`, 255) : say(rows.join(''));
}

/** The public part stands in the private file too, behind its head. */
function publicOf(call: Call, operand: string): Result {
  const found = wholeFile(call, operand)?.toString('utf8');
  if (found === undefined) return fail(`${operand}: No such file or directory\n`, 255);
  const whole = Buffer.from(found.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const at = 15 + 8 + 8 + 4 + 4;
  if (whole.length < at + 20) return fail(`Load key "${operand}": error in libcrypto\r\n`, 255);
  const blob = whole.subarray(at + 4, at + 4 + whole.readUInt32BE(at));
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
  return say(`${type} ${blob.toString('base64')} ${nameOf(call.machine)}@${call.machine.persona.hostname}\n`);
}

function knownHosts(call: Call, letter: 'R' | 'F'): Result {
  const path = `${call.shell.env.get('HOME') ?? '/root'}/.ssh/known_hosts`;
  const bytes = wholeFile(call, path);
  if (!bytes) return fail(`Cannot stat ${path}: No such file or directory\r\n`, 255);
  const host = readOptions(call.args, 'tbfNCRFPm').flags.get(letter) ?? '';
  const rows = bytes.toString('utf8').split('\n');
  const isHosts = (row: string) => row.split(' ')[0]?.split(',').includes(host) === true;
  const found = rows.flatMap((row, at) => (isHosts(row) ? [{ row, at: at + 1 }] : []));
  if (letter === 'F')
    return {
      stdout: found.map(({ row, at }) => `# Host ${host} found: line ${at} \n${row}\n`).join(''),
      exitCode: found.length > 0 ? 0 : 1,
    };
  if (found.length === 0) return fail(`Host ${host} not found in ${path}\r\n`, 0);
  const left = rows.filter((row) => !isHosts(row)).join('\n');
  call.machine.world.write(path, Buffer.from(left), call.machine.actor);
  return say(
    `${found.map(({ at }) => `# Host ${host} found: line ${at}\n`).join('')}${path} updated.\nOriginal contents retained as ${path}.old\n`,
  );
}
