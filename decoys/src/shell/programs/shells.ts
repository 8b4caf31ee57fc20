import type { Persona } from '@cerberusmesh/contract/persona';
import { resolvePath } from '../../world/paths.ts';
import { cutText } from '../parse-once.ts';
import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { type EnteredShell, faultHead, inWordsOf, kindOf, ownPrompt, type ShellKind } from '../shell-kind.ts';
import { readStatements } from '../statements.ts';
import { busyboxName } from './busybox-usage.ts';
import { wholeFile } from './files.ts';
import { quote } from './nested.ts';

/** Shells. At the keyboard a bare one is entered and lasts until its `exit`; with a script it is the interpreter's. */
export const shellPrograms: Programs = {
  sh: (call) => runShell(call),
  bash: (call) => runShell(call),
  dash: (call) => runShell(call),
  ash: (call) => runShell(call, true),
};

const takesValue = /^[-+]o$|^--(?:rcfile|init-file)$/;

/** Runs the shell that a call names. `isApplet` where it is busybox's. */
export async function runShell(call: Call, isApplet = false): Promise<Result> {
  const { args, machine, name } = call;
  const operands = args.filter((arg, at) => !/^[-+]/.test(arg) && !takesValue.test(args[at - 1] ?? ''));
  const isLogin = args.some((arg) => /^-[a-z]*l|^--login$/.test(arg));
  const kind = kindOf(name, machine.persona, isApplet, isLogin);
  if (args.includes('--version')) return versionOf(call, kind);
  if (operands.length === 0 && !args.some((arg) => /^-[a-z]*[cs]/.test(arg)) && machine.isAtKeyboard()) {
    enterShell(call, kind);
    return {};
  }
  const [script] = operands;
  if (
    script !== undefined &&
    kind.program !== 'bash' &&
    !args.some((arg) => /^-[a-z]*[cs]/.test(arg)) &&
    !machine.world.find(resolvePath(call.shell.cwd, script))
  )
    return fail(`${name}: 0: cannot open ${script}: No such file\n`, 2);
  if (args.some((arg) => /^-[a-z]*n/.test(arg))) return checkOnly(call, kind);
  const { letters, rest } = readShellArguments(args);
  const cut = letters.has('c') ? cutText(rest[0] ?? '') : undefined;
  if (cut !== undefined) return fail(`${faultHead(kind, false, 1)}${cut}\n`, kind.program === 'bash' ? 1 : 2);
  const result = await interpreter(call);
  const { stdout = '', stderr = '', exitCode = 0, stdoutKind = 'text' } = result;
  // Not the whole result: the interpreter counts what it wrote in it, and refuses a text of another length.
  return { stdout, stdoutKind, exitCode, stderr: retold(stderr, kind) };
}

/** `-n`: the script is read and not run. */
function checkOnly(call: Call, kind: ShellKind): Result {
  const { letters, rest } = readShellArguments(call.args);
  const [script] = rest;
  const bytes = letters.has('c') || script === undefined ? undefined : wholeFile(call, script);
  if (script !== undefined && !letters.has('c') && !bytes)
    return fail(`bash: ${script}: No such file or directory\n`, 127);
  const text = letters.has('c') ? (script ?? '') : (bytes?.toString('utf8') ?? call.stdin());
  const { fault } = readStatements(text, false);
  if (fault === undefined) return {};
  const name = bytes ? script : kind.calledAs;
  const token = /token `(.+)'/.exec(fault)?.[1];
  // What only the parser's own ending brought in.
  if (token !== undefined && !text.includes(token))
    return fail(`${name}: line ${text.trimEnd().split('\n').length + 1}: syntax error: unexpected end of file\n`, 2);
  return fail(`${name}: line ${text.trimEnd().split('\n').length}: ${fault}\n`, 2);
}

/** Opens a shell below the one that the call came from, as whoever acts now. */
export function enterShell(
  { machine, shell }: Pick<Call, 'machine' | 'shell'>,
  kind: ShellKind,
  { cwd = shell.cwd, env = {} }: Partial<Pick<EnteredShell, 'cwd' | 'env'>> = {},
): void {
  const { uid, gid } = machine.actor;
  const prompt = kind.program === 'bash' ? {} : ownPrompt(kind, machine.persona, uid);
  const banner = bannerOf(kind, machine.persona);
  machine.enter({ kind, uid, gid, cwd, env: { ...prompt, ...env }, banner });
}

function bannerOf({ program }: ShellKind, persona: Persona): string {
  if (program !== 'ash') return '';
  const more = persona.os.family === 'busybox' ? '' : "Enter 'help' for a list of built-in commands.\n";
  return `\n\n${busyboxName(persona)} built-in shell (ash)\n${more}\n`;
}

/** What follows a shell's name, as far as the interpreter does not read it itself: `-s`, `-x`, `-e` and the like, together or apart. */
function readShellArguments(args: readonly string[]) {
  const letters = new Set<string>();
  let at = 0;
  for (; /^[-+]./.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return { letters, rest: args.slice(at + 1) };
    if (takesValue.test(arg)) at++;
    else if (!arg.startsWith('--')) for (const letter of arg.slice(1)) letters.add(letter);
  }
  return { letters, rest: args.slice(at) };
}

async function interpreter({ shell, args, stdin, name }: Call): Promise<Result> {
  const { letters, rest } = readShellArguments(args);
  const options = [...letters].filter((letter) => 'xeuvf'.includes(letter)).join('');
  const set = options === '' ? '' : `set -${options}\n`;
  const words = letters.has('c')
    ? ['-c', `${set}${rest[0] ?? ''}`, ...rest.slice(1)]
    : rest.length === 0 && set === ''
      ? []
      : rest.length === 0 || letters.has('s')
        ? ['-c', `${set}${stdin()}`, name, ...rest]
        : rest;
  // Absent only where a name is none of the interpreter's; ours go to its `bash`.
  if (shell.origCommand) return await shell.origCommand(words);
  if (!shell.exec) return {};
  const command = ['bash', ...words].map(quote).join(' ');
  if (shell.execWithInheritedStdin)
    return await shell.execWithInheritedStdin(command, { cwd: shell.cwd, env: shell.exportedEnv ?? {} });
  return await shell.exec(command, { cwd: shell.cwd, env: shell.exportedEnv ?? {} });
}

/** Faults of a script that another shell than bash ran. */
function retold(stderr: string, kind: ShellKind): string {
  if (kind.program === 'bash' || stderr === '') return stderr;
  return stderr
    .split('\n')
    .map((line) => {
      const [whole = '', at = '1'] = /^(?:ba)?sh: (?:line (\d+): )?/.exec(line) ?? [];
      if (whole === '') return line;
      return `${faultHead(kind, false, Number(at))}${inWordsOf(kind, line.slice(whole.length))}`;
    })
    .join('\n');
}

function versionOf({ machine: { persona } }: Call, { program, calledAs }: ShellKind): Result {
  if (program !== 'bash') return { stderr: `${calledAs}: 0: Illegal option --version\n`, exitCode: 2 };
  return say(
    `GNU bash, version ${persona.bashVersion} (${persona.kernel.machine}-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\nThis is free software; you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n`,
  );
}
