import { createHash } from 'node:crypto';
import { faultTexts, WorldFault } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, interpretersOwn, type Programs, type Result, readOptions } from '../program.ts';

/** Sums of files that the interpreter lacks. */
export const checksumPrograms: Programs = {
  md5sum: checking,
  sha1sum: checking,
  sha256sum: checking,
  b2sum: (call) => onFiles(call, (bytes, name) => `${hash('blake2b512', bytes)}  ${name ?? '-'}\n`),
  sha224sum: (call) => onFiles(call, (bytes, name) => `${hash('sha224', bytes)}  ${name ?? '-'}\n`),
  sha384sum: (call) => onFiles(call, (bytes, name) => `${hash('sha384', bytes)}  ${name ?? '-'}\n`),
  sha512sum: (call) => onFiles(call, (bytes, name) => `${hash('sha512', bytes)}  ${name ?? '-'}\n`),
  cksum: (call) => onFiles(call, (bytes, name) => `${posixSum(bytes)} ${bytes.length}${name ? ` ${name}` : ''}\n`),
  sum: (call) =>
    onFiles(call, (bytes, name) => {
      const blocks = String(Math.ceil(bytes.length / 1024)).padStart(5);
      return `${String(bsdSum(bytes)).padStart(5, '0')} ${blocks}${name ? ` ${name}` : ''}\n`;
    }),
};

/** The interpreter's, whose warning after `-c` is a fault and no output. */
async function checking({ args, shell, name }: Call): Promise<Result> {
  if (!args.some((arg) => /^-\w*c|^--check/.test(arg)) || !shell.origCommand) return interpretersOwn;
  const done = await shell.origCommand([...args]);
  const said: string[] = [];
  const warned: string[] = [];
  for (const line of done.stdout.split(/(?<=\n)/)) (line.startsWith(`${name}: `) ? warned : said).push(line);
  return { ...done, stdout: said.join(''), stderr: `${done.stderr}${warned.join('')}` };
}

/** What each file, or the standard input, is to say; a file that cannot be read is told as GNU's tools do. */
export function onFiles(call: Call, say: (bytes: Buffer, name: string | undefined) => string): Result {
  const { args, machine, shell, name } = call;
  const { rest } = readOptions(args);
  let stdout = '';
  let stderr = '';
  for (const operand of rest.length > 0 ? rest : [undefined]) {
    try {
      const bytes =
        operand === undefined || operand === '-'
          ? bytesFrom(shell.stdin)
          : Buffer.from(machine.world.read(resolvePath(shell.cwd, operand), machine.actor));
      stdout += say(bytes, operand);
    } catch (error) {
      if (!(error instanceof WorldFault)) throw error;
      stderr += `${name}: ${operand}: ${faultTexts[error.code]}\n`;
    }
  }
  return { stdout, stderr, exitCode: stderr === '' ? 0 : 1 };
}

function hash(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** The CRC of POSIX: the polynomial of Ethernet from the top, the length behind the bytes. */
function posixSum(bytes: Buffer): number {
  let sum = 0;
  const add = (byte: number) => {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  };
  for (const byte of bytes) add(byte);
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) add(length & 0xff);
  return ~sum >>> 0;
}

function bsdSum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum >> 1) + ((sum & 1) << 15) + byte) & 0xffff;
  return sum;
}
