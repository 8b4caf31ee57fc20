import { resolvePath } from '../../world/paths.ts';
import { bytesFrom } from '../bytes.ts';
import { type Call, fail, type Programs, type Result, readOptions } from '../program.ts';
import { wholeFile } from './files.ts';

/** Programs that compare two files. The interpreter's diff knows one form, in which the other is hidden. */
export const comparingPrograms: Programs = { diff, cmp };

async function diff({ args, shell, machine }: Call): Promise<Result> {
  const { flags, rest } = readOptions(args, 'U');
  if (rest.length < 2) {
    const after = rest[0] === undefined ? `after 'diff'` : `after '${rest[0]}'`;
    return fail(`diff: missing operand ${after}\ndiff: Try 'diff --help' for more information.\n`, 2);
  }
  const missing = rest.filter(
    (name) => name !== '-' && !name.startsWith('/dev/fd/') && !machine.world.find(resolvePath(shell.cwd, name)),
  );
  if (missing.length > 0) return fail(missing.map((name) => `diff: ${name}: No such file or directory\n`).join(''), 2);
  if (!shell.origCommand) return {};
  const { stdout = '', stderr = '', exitCode = 0 } = await shell.origCommand([...args]);
  const isUnified = flags.has('u') || flags.has('U') || flags.has('unified');
  if (isUnified || stdout.startsWith('Files ') || stdout === '')
    return { stdout: stdout.replace(/^={60,}\n/m, ''), stderr, exitCode };
  return { stdout: normalForm(stdout), stderr, exitCode };
}

/** `1c1`, `< old`, `---`, `> new` out of hunks of the unified form. */
function normalForm(unified: string): string {
  let shown = '';
  let [left, right] = [0, 0];
  let gone: string[] = [];
  let come: string[] = [];
  for (const line of `${unified}`.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (line.startsWith('-') && !line.startsWith('--- ')) gone.push(line.slice(1));
    else if (line.startsWith('+') && !line.startsWith('+++ ')) come.push(line.slice(1));
    else flush();
    if (hunk) [left, right] = [Number(hunk[1]), Number(hunk[3])];
    else if (line.startsWith(' ')) [left, right] = [left + 1, right + 1];
  }
  flush();
  return shown;

  function flush(): void {
    if (gone.length === 0 && come.length === 0) return;
    const from = gone.length === 0 ? `${left - 1}` : range(left, gone.length);
    const to = come.length === 0 ? `${right - 1}` : range(right, come.length);
    shown += `${from}${gone.length === 0 ? 'a' : come.length === 0 ? 'd' : 'c'}${to}\n`;
    shown += gone.map((each) => `< ${each}\n`).join('');
    if (gone.length > 0 && come.length > 0) shown += '---\n';
    shown += come.map((each) => `> ${each}\n`).join('');
    left += gone.length;
    right += come.length;
    gone = [];
    come = [];
  }
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${start},${start + count - 1}`;
}

function cmp(call: Call): Result {
  const { flags, rest } = readOptions(call.args, 'in');
  // Alone, a file is compared with the standard input.
  const [left, right = '-'] = rest;
  if (left === undefined)
    return fail(`cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.\n`, 2);
  const read = (name: string) => (name === '-' ? bytesFrom(call.shell.stdin) : wholeFile(call, name));
  const [a, b] = [read(left), read(right)];
  if (!a || !b) return fail(flags.has('s') ? '' : `cmp: ${a ? right : left}: No such file or directory\n`, 2);
  const at = [...a.subarray(0, b.length)].findIndex((byte, index) => byte !== b[index]);
  if (at < 0 && a.length === b.length) return {};
  if (flags.has('s')) return fail('');
  if (at < 0) {
    const shorter = a.length < b.length ? left : right;
    return fail(
      `cmp: EOF on ${shorter} after byte ${Math.min(a.length, b.length)}, in line ${linesIn(a.length < b.length ? a : b)}\n`,
    );
  }
  return { stdout: `${left} ${right} differ: byte ${at + 1}, line ${linesIn(a.subarray(0, at)) + 1}\n`, exitCode: 1 };
}

function linesIn(bytes: Buffer): number {
  return bytes.filter((byte) => byte === 0x0a).length;
}
