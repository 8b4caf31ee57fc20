import { gunzipSync, gzipSync } from 'node:zlib';
import { faultTexts, WorldFault } from '../../world/faults.ts';
import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, readOptions, sayBytes } from '../program.ts';
import { wholeFile } from './files.ts';

/**
 * bzip2 and xz. What they make has their head and gzip's body: it comes back whole on this machine, and only a program elsewhere would
 * tell. What a visitor brings is unpacked by the interpreter's tar; bare it counts as damaged.
 */
export const archivePrograms: Programs = {
  bzip2: (call) => packer(call, bzip2),
  bunzip2: (call) => packer(call, bzip2, 'd'),
  bzcat: (call) => packer(call, bzip2, 'dc'),
  xz: (call) => packer(call, xz),
  unxz: (call) => packer(call, xz, 'd'),
  xzcat: (call) => packer(call, xz, 'dc'),
  tar,
};

interface Packer {
  readonly name: string;
  readonly end: string;
  readonly head: Buffer;
  readonly damaged: (name: string) => string;
}

const bzip2: Packer = {
  name: 'bzip2',
  end: '.bz2',
  head: Buffer.from('BZh91AY&SY'),
  damaged: (name) => `bzip2: ${name} is not a bzip2 file.\n`,
};
const xz: Packer = {
  name: 'xz',
  end: '.xz',
  head: Buffer.from('fd377a585a000004e6d6b446', 'hex'),
  damaged: (name) => `xz: ${name}: File format not recognized\n`,
};
const bzip2Usage = `bzip2, a block-sorting file compressor.  Version 1.0.8, 13-Jul-2019.

   usage: bzip2 [flags and input files in any order]

   -h --help           print this message
   -d --decompress     force decompression
   -z --compress       force compression
   -k --keep           keep (don't delete) input files
   -f --force          overwrite existing output files
   -t --test           test compressed file integrity
   -c --stdout         output to standard out
   -q --quiet          suppress noncritical error messages
   -v --verbose        be verbose (a 2nd -v gives more)
   -L --license        display software version & license
   -V --version        display software version & license
   -s --small          use less memory (at most 2500k)
   -1 .. -9            set block size to 100k .. 900k
   --fast              alias for -1
   --best              alias for -9

   If invoked as \`bzip2', default action is to compress.
              as \`bunzip2',  default action is to decompress.
              as \`bzcat', default action is to decompress to stdout.

   If no file names are given, bzip2 compresses or decompresses
   from standard input to standard output.  You can combine
   short flags, so \`-v -4' means the same as -v4 or -4v, &c.

`;
const unpackedMax = 16 * 1024 * 1024;

function packer(call: Call, kind: Packer, more = ''): Result {
  const { machine, shell } = call;
  if (kind.name === 'bzip2' && call.args.some((arg) => arg === '--help' || arg === '-h')) return fail(bzip2Usage, 0);
  const { flags, rest } = readOptions(call.args, 'TM');
  const has = (letter: string, long: string) => flags.has(letter) || flags.has(long) || more.includes(letter);
  const [isUnpacking, isPiped, isKept] = [has('d', 'decompress'), has('c', 'stdout'), has('k', 'keep')];
  let stderr = '';
  const said: Buffer[] = [];
  for (const operand of rest.length > 0 ? rest : ['-']) {
    const bytes = operand === '-' ? bytesFrom(shell.stdin) : wholeFile(call, operand);
    if (!bytes) {
      stderr +=
        kind.name === 'xz'
          ? `xz: ${operand}: ${faultTexts.ENOENT}\n`
          : `bzip2: Can't open input file ${operand}: ${faultTexts.ENOENT}.\n`;
      continue;
    }
    const made = isUnpacking ? unpack(bytes, kind) : Buffer.concat([kind.head, gzipSync(bytes)]);
    if (!made) {
      stderr += kind.damaged(operand === '-' ? '(stdin)' : operand);
      continue;
    }
    if (operand === '-' || isPiped) said.push(made);
    else {
      const target = isUnpacking ? operand.replace(/\.(?:bz2|xz|t[bx]z)$/, '') : `${operand}${kind.end}`;
      machine.world.write(resolvePath(shell.cwd, target), made, machine.actor);
      if (!isKept) machine.world.remove(resolvePath(shell.cwd, operand), machine.actor);
    }
  }
  return { ...sayBytes(Buffer.concat(said)), stderr, exitCode: stderr === '' ? 0 : 1 };
}

function unpack(bytes: Buffer, { head }: Packer): Buffer | undefined {
  if (!bytes.subarray(0, head.length).equals(head)) return undefined;
  try {
    return gunzipSync(bytes.subarray(head.length), { maxOutputLength: unpackedMax });
  } catch {
    // Damaged, or a bomb.
    return undefined;
  }
}

const asGzip: Readonly<Record<string, Packer>> = { j: bzip2, J: xz };

/** tar in GNU's manners: what it did goes to the output where that is no archive, names lose their first slash, and `-j` and `-J` are ours. */
async function tar(call: Call): Promise<Result> {
  const { args, machine, shell } = call;
  const [first = ''] = args;
  const letters = first.startsWith('--') ? '' : first.replace(/^-/, '');
  const packed = [...letters].find((letter) => Object.hasOwn(asGzip, letter));
  const file = archiveOf(args);
  const found = file === undefined || file === '-' ? undefined : wholeFile(call, file);
  const kind = packed ? asGzip[packed] : [bzip2, xz].find(({ head }) => found?.subarray(0, head.length).equals(head));
  const isMade = /c/.test(letters) || args.includes('--create');
  if (!kind || file === undefined || file === '-')
    return inGnuWords(call, await original(call, [...args]), isMade, file);
  const path = resolvePath(shell.cwd, file);
  const words = [
    packed ? first.replace(packed, 'z') : /z/.test(letters) ? first : `${first.startsWith('-') ? '' : '-'}z${letters}`,
    ...args.slice(1),
  ];
  const bare = found && unpackHead(found, kind);
  // What we packed is gzip behind a head; what he brought is left to the interpreter as it is.
  if (found && !isMade && !bare) return inGnuWords(call, await original(call, [...args]), isMade, file);
  if (bare) machine.world.write(path, bare, machine.actor);
  const done = await original(call, words);
  const after = wholeFile(call, file);
  if (isMade && after) machine.world.write(path, Buffer.concat([kind.head, after]), machine.actor);
  else if (bare && found) machine.world.write(path, found, machine.actor);
  return inGnuWords(call, done, isMade, file);
}

function unpackHead(bytes: Buffer, { head }: Packer): Buffer | undefined {
  const rest = bytes.subarray(head.length);
  return bytes.subarray(0, head.length).equals(head) && rest[0] === 0x1f && rest[1] === 0x8b
    ? Buffer.from(rest)
    : undefined;
}

async function original({ shell }: Call, args: string[]): Promise<Result> {
  try {
    return (await shell.origCommand?.(args)) ?? {};
  } catch (error) {
    if (!(error instanceof WorldFault)) throw error;
    return fail(`tar: ${error.path}: Cannot stat: ${faultTexts[error.code]}\n`, 2);
  }
}

function inGnuWords(call: Call, done: Result, isMade: boolean, file: string | undefined): Result {
  const isVerbose = /^-?\w*v/.test(call.args[0] ?? '') || call.args.includes('--verbose') || call.args.includes('-v');
  const hasSlash = isMade && call.args.slice(1).some((arg) => arg.startsWith('/') && arg !== file);
  let [stdout, stderr] = [done.stdout ?? '', done.stderr ?? ''];
  stderr = stderr.replace(/^tar: Invalid tar archive format$/m, notAnArchive);
  if (hasSlash && done.exitCode === 0) stderr = `tar: Removing leading \`/' from member names\n${stderr}`;
  if (isVerbose && file !== undefined && file !== '-') {
    const rows = stderr.split('\n').filter((row) => row !== '' && !row.startsWith('tar: '));
    stdout += rows.map((row) => `${row}\n`).join('');
    stderr = stderr
      .split('\n')
      .filter((row) => !rows.includes(row))
      .join('\n');
  }
  return { ...done, stdout, stderr };
}

const notAnArchive =
  'tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors';

/** What `-f` names, wherever it stands. */
function archiveOf(args: readonly string[]): string | undefined {
  const long = args.find((arg) => arg.startsWith('--file='));
  if (long !== undefined) return long.slice(7);
  const at = args.findIndex((arg, index) => /^-\w*f$/.test(arg) || (index === 0 && /^\w*f\w*$/.test(arg)));
  return at < 0 ? undefined : args[at + 1];
}
