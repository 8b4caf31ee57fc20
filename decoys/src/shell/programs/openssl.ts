import { createHash, generateKeyPairSync } from 'node:crypto';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, say, sayBytes } from '../program.ts';
import { type CryptKind, crypt, randomSalt } from './crypt.ts';
import { wholeFile } from './files.ts';
import { releaseOf } from './releases.ts';

/** What scripts ask of openssl: digests, base64, noise, password hashes, its version. The rest works unseen. */
export const opensslPrograms: Programs = { openssl };

const digests: ReadonlySet<string> = new Set(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512']);

function openssl(call: Call): Result {
  const [command = '', ...args] = call.args;
  if (command === 'version') return say(`${releaseOf(call.machine.persona).openssl}\n`);
  if (command === 'passwd') return passwordHashes(call);
  if (command === 'rand') return random(args);
  if (command === 'genrsa' || command === 'genpkey') return generateKey(args, call);
  if (digests.has(command)) return digest(command, args, call);
  if (command === 'dgst') {
    const name = args.find((arg) => digests.has(arg.replace(/^-/, '')))?.slice(1) ?? 'sha256';
    return digest(
      name,
      args.filter((arg) => arg !== `-${name}`),
      call,
    );
  }
  if (command === 'base64' || (command === 'enc' && args.some((arg) => arg === '-base64' || arg === '-a')))
    return base64(args, call);
  if (command === 's_client') return { stdout: '', stderr: 'connect:errno=113\n', exitCode: 1 };
  if (command === '' || /^[a-z]/.test(command) === false)
    return fail(`Invalid command '${command}'; type "help" for a list.\n`);
  return {};
}

/** A key that is real, and nobody's. */
function generateKey(args: readonly string[], call: Call): Result {
  const bits = Math.min(4096, Number(args.find((arg) => /^\d{3,5}$/.test(arg)) ?? 2048));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: Math.max(1024, bits) });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const to = args.indexOf('-out');
  if (to < 0) return say(text);
  call.machine.world.write(
    resolvePath(call.shell.cwd, args[to + 1] ?? 'out'),
    Buffer.from(text),
    call.machine.actor,
    0o600,
  );
  return {};
}

function digest(name: string, args: readonly string[], call: Call): Result {
  const files = args.filter((arg) => !arg.startsWith('-'));
  const isBare = args.includes('-r') || args.includes('-binary');
  const isNew = releaseOf(call.machine.persona).openssl.startsWith('OpenSSL 3');
  const shown = isNew && name !== 'md5' ? `SHA2-${name.slice(3)}`.replace('SHA2-1', 'SHA1') : name.toUpperCase();
  if (files.length === 0) return say(`${shown}(stdin)= ${hex(name, bytesFrom(call.shell.stdin))}\n`);
  let stdout = '';
  for (const file of files) {
    const bytes = wholeFile(call, file);
    if (!bytes) return { stdout, stderr: `Can't open "${file}" for reading, No such file or directory\n`, exitCode: 1 };
    stdout += isBare ? `${hex(name, bytes)} *${file}\n` : `${shown}(${file})= ${hex(name, bytes)}\n`;
  }
  return say(stdout);
}

function hex(name: string, bytes: Buffer): string {
  return createHash(name).update(bytes).digest('hex');
}

const noiseMax = 64 * 1024;

function random(args: readonly string[]): Result {
  const count = Math.min(noiseMax, Number(args.find((arg) => /^\d+$/.test(arg)) ?? 0));
  const bytes = Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(count)));
  if (args.includes('-hex')) return say(`${bytes.toString('hex')}\n`);
  return args.includes('-base64') ? say(inLines(bytes.toString('base64'))) : sayBytes(bytes);
}

function base64(args: readonly string[], call: Call): Result {
  const at = args.indexOf('-in');
  const input = at < 0 ? bytesFrom(call.shell.stdin) : wholeFile(call, args[at + 1] ?? '');
  if (!input) return fail(`Can't open "${args[at + 1] ?? ''}" for reading, No such file or directory\n`);
  const isOneLine = args.includes('-A');
  const done = args.includes('-d')
    ? Buffer.from(input.toString('latin1'), 'base64')
    : Buffer.from(isOneLine ? input.toString('base64') : inLines(input.toString('base64')));
  const to = args.indexOf('-out');
  if (to < 0) return sayBytes(done);
  call.machine.world.write(resolvePath(call.shell.cwd, args[to + 1] ?? 'out'), done, call.machine.actor);
  return {};
}

function inLines(text: string): string {
  return text.replace(/.{1,64}/g, '$&\n');
}

/** `openssl passwd`: of each word, or of each line that comes in. */
function passwordHashes({ args, stdin }: Call): Result {
  const kinds: Readonly<Record<string, CryptKind>> = { '-1': '1', '-apr1': 'apr1', '-5': '5', '-6': '6' };
  const asked = args.find((arg) => Object.hasOwn(kinds, arg)) ?? '-1';
  const kind = kinds[asked] ?? '1';
  const given = args.includes('-salt') ? args[args.indexOf('-salt') + 1] : undefined;
  const words = args.slice(1).filter((arg, at) => !arg.startsWith('-') && args[at] !== '-salt');
  const secrets =
    words.length > 0
      ? words
      : stdin()
          .split('\n')
          .filter((line) => line !== '');
  const length = kind === '5' || kind === '6' ? 16 : 8;
  const hashed = secrets.slice(0, secretsMax).map((secret) => crypt(kind, secret, given ?? randomSalt(length)));
  return say(hashed.map((hash) => `${hash}\n`).join(''));
}

/** Each costs ten milliseconds. */
const secretsMax = 20;
