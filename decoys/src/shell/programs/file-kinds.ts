import { bytesOf, sizeOf, type WorldNode } from '../../world/node.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, readOptions } from '../program.ts';

/** file(1): what a file is by its first bytes, in the words of file 5.4x. */
export const fileKindPrograms: Programs = { file };

function file(call: Call): Result {
  const { machine, shell } = call;
  const { flags, rest } = readOptions(call.args, 'fmFeP');
  if (rest.length === 0)
    return fail(
      'Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n            <file> ...\n       file -C [-m <magicfiles>]\n       file [--help]\n',
    );
  const isMime = ['i', 'mime', 'mime-type'].some((flag) => flags.has(flag));
  const width = Math.max(...rest.map((name) => name.length)) + 1;
  const lines = rest.map((name) => {
    const path = resolvePath(shell.cwd, name);
    const node = flags.has('L') ? machine.world.find(path) : machine.world.lookAt(path);
    const kind =
      name === '-'
        ? ofBytes(bytesFrom(shell.stdin), false)
        : node
          ? ofNode(node)
          : `cannot open \`${name}' (No such file or directory)`;
    const shown = isMime ? mimeOf(kind, flags.has('mime-type')) : kind;
    return flags.has('b') || flags.has('brief')
      ? `${shown}\n`
      : `${`${name === '-' ? '/dev/stdin' : name}:`.padEnd(width)} ${shown}\n`;
  });
  return { stdout: lines.join('') };
}

function ofNode(node: WorldNode): string {
  if (node.kind === 'link') return `symbolic link to ${node.target}`;
  const marks = `${node.mode & 0o4000 ? 'setuid, ' : ''}${node.mode & 0o2000 ? 'setgid, ' : ''}${node.mode & 0o1000 ? 'sticky, ' : ''}`;
  if (node.kind === 'folder') return `${marks}directory`;
  if (node.kind === 'device') return `character special (${node.major}/${node.minor})`;
  if (sizeOf(node) === 0) return node.kind === 'made' ? 'empty' : `${marks}empty`.replace(/, empty$/, ' empty');
  const kind = ofBytes(Buffer.from(bytesOf(node)), node.kind === 'made');
  return marks === '' ? kind : `${marks.replace(/, $/, '')} ${kind}`;
}

/** By what a file begins with. `isInstalled` where the machine brought it, which is dynamically linked then. */
function ofBytes(bytes: Buffer, isInstalled: boolean): string {
  if (bytes.length === 0) return 'empty';
  const head = bytes.subarray(0, 16).toString('latin1');
  if (head.startsWith('\x7fELF')) return elf(bytes, isInstalled);
  if (head.startsWith('\x1f\x8b'))
    return `gzip compressed data, from Unix, original size modulo 2^32 ${bytes.length > 18 ? bytes.readUInt32LE(bytes.length - 4) : 0}`;
  const known = magic.find(([start]) => head.startsWith(start));
  if (known) return known[1];
  if (bytes.subarray(257, 262).toString('latin1') === 'ustar')
    return bytes.subarray(257, 265).toString('latin1') === 'ustar  \0'
      ? 'POSIX tar archive (GNU)'
      : 'POSIX tar archive';
  return text(bytes);
}

const magic: readonly (readonly [start: string, kind: string])[] = [
  ['PK\x03\x04\x0a', 'Zip archive data, at least v1.0 to extract, compression method=store'],
  ['PK\x03\x04', 'Zip archive data, at least v2.0 to extract, compression method=deflate'],
  ['BZh9', 'bzip2 compressed data, block size = 900k'],
  ['\xfd7zXZ', 'XZ compressed data, checksum CRC64'],
  ['\x89PNG', 'PNG image data'],
  ['%PDF-', 'PDF document'],
  ['-----BEGIN CERT', 'PEM certificate'],
  ['-----BEGIN RSA', 'PEM RSA private key'],
  ['-----BEGIN OPENS', 'OpenSSH private key'],
  ['-----BEGIN PRIVA', 'OpenSSH private key (no password)'],
  ['ssh-rsa ', 'OpenSSH RSA public key'],
  ['ssh-ed25519 ', 'OpenSSH ED25519 public key'],
  ['SQLite format 3', 'SQLite 3.x database'],
];

const machines: Readonly<Record<number, string>> = {
  ...{
    2: 'SPARC',
    3: 'Intel 80386',
    4: 'Motorola m68k',
    8: 'MIPS, MIPS-I',
    20: 'PowerPC or cisco 4500',
    40: 'ARM, EABI5',
  },
  ...{ 42: 'Renesas SH', 62: 'x86-64', 183: 'ARM aarch64', 243: 'UCB RISC-V' },
};
const types: Readonly<Record<number, string>> = {
  1: 'relocatable',
  2: 'executable',
  3: 'pie executable',
  4: 'core file',
};

function elf(bytes: Buffer, isInstalled: boolean): string {
  const is64 = bytes[4] === 2;
  const isBig = bytes[5] === 2;
  const start = `ELF ${is64 ? '64' : '32'}-bit ${isBig ? 'MSB' : 'LSB'}`;
  if (bytes.length < 20) return start;
  const half = (at: number) => (isBig ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const machine = machines[half(18)] ?? `*unknown arch 0x${half(18).toString(16)}*`;
  const head = `${start} ${types[half(16)] ?? 'no file type'}, ${machine}, version 1 (SYSV)`;
  if (isInstalled)
    return `${head}, dynamically linked, interpreter ${is64 ? '/lib64/ld-linux-x86-64.so.2' : '/lib/ld-linux-armhf.so.3'}, for GNU/Linux 3.2.0, stripped`;
  if (bytes.length < (is64 ? 64 : 52)) return `${head}, can't read elf program headers at 64, missing section headers`;
  const interpreter = /\/lib\w*\/ld-[\w.-]+/.exec(bytes.subarray(0, 4096).toString('latin1'))?.[0];
  return interpreter === undefined
    ? `${head}, statically linked, stripped`
    : `${head}, dynamically linked, interpreter ${interpreter}, stripped`;
}

const scripts: readonly (readonly [runner: RegExp, kind: string])[] = [
  [/\b(?:bash)$/, 'Bourne-Again shell script, %'],
  [/\b(?:sh|dash|ash)$/, 'POSIX shell script, %'],
  [/\bpython\d?[\d.]*$/, 'Python script, %'],
  [/\bperl$/, 'Perl script text executable'],
];

function text(bytes: Buffer): string {
  const some = bytes.subarray(0, 65_536);
  const encoding = encodingOf(some);
  if (encoding === undefined) return 'data';
  const whole = some.toString('utf8');
  const ends = whole.includes('\r\n')
    ? ', with CRLF line terminators'
    : whole.includes('\n')
      ? ''
      : ', with no line terminators';
  const [, runner = ''] = /^#! *(?:\/usr\/bin\/env +)?(\S+)/.exec(whole) ?? [];
  const script = scripts.find(([pattern]) => pattern.test(runner));
  if (script) return script[1].replace('%', `${encoding} executable${ends}`);
  if (runner !== '') return `a ${runner} script, ${encoding} executable${ends}`;
  const longest = Math.max(...whole.split('\n').map((line) => line.length));
  return `${isJson(whole) ? 'JSON data' : `${encoding}${longest > 300 ? `, with very long lines (${longest})` : ''}${ends}`}`;
}

function encodingOf(bytes: Buffer): string | undefined {
  if (bytes.some((byte) => byte < 7 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127))
    return undefined;
  if (bytes.every((byte) => byte < 128)) return 'ASCII text';
  return bytes.toString('utf8').includes('\ufffd') ? 'ISO-8859 text' : 'Unicode text, UTF-8 text';
}

function isJson(whole: string): boolean {
  if (!/^\s*[[{]/.test(whole)) return false;
  try {
    JSON.parse(whole);
    return true;
  } catch {
    return false;
  }
}

function mimeOf(kind: string, isBare: boolean): string {
  const [type, set] = /directory$/.test(kind)
    ? ['inode/directory', 'binary']
    : /empty$/.test(kind)
      ? ['inode/x-empty', 'binary']
      : /^symbolic/.test(kind)
        ? ['inode/symlink', 'binary']
        : /ELF/.test(kind)
          ? ['application/x-pie-executable', 'binary']
          : /^gzip/.test(kind)
            ? ['application/gzip', 'binary']
            : /^Zip/.test(kind)
              ? ['application/zip', 'binary']
              : /shell script/.test(kind)
                ? ['text/x-shellscript', 'us-ascii']
                : /UTF-8/.test(kind)
                  ? ['text/plain', 'utf-8']
                  : /text|key|certificate/.test(kind)
                    ? ['text/plain', 'us-ascii']
                    : ['application/octet-stream', 'binary'];
  return isBare ? type : `${type}; charset=${set}`;
}
