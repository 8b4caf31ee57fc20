import { resolvePath } from '../../world/paths.ts';
import { loginNames } from '../login-names.ts';
import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { nested, quote } from './nested.ts';

/** Programs that run another with other variables, or not for ever. */
export const runAsPrograms: Programs = { env, timeout };

interface Surroundings {
  readonly values: Map<string, string>;
  readonly command: readonly string[];
  readonly folder: string | undefined;
}

async function env(call: Call): Promise<Result> {
  const { shell, args } = call;
  const read = readEnv(args, shell.exportedEnv ?? {});
  if (typeof read === 'string') return fail(read, 125);
  const { values, command, folder } = read;
  const [program] = command;
  if (program === undefined || (/^(?:(?:\/usr)?\/bin\/)?env$/.test(program) && command.length === 1))
    return say([...values].map(([name, value]) => `${name}=${value}\n`).join(''));
  if (!shell.exec || !(await isThere(call, program)))
    return fail(`env: ‘${program}’: No such file or directory\n`, 127);
  const gone = Object.keys(shell.exportedEnv ?? {}).filter((name) => !values.has(name) && isName.test(name));
  const set = [...values].filter(([name]) => isName.test(name) && name !== '_');
  const words = [
    ...(gone.length > 0 ? [`unset ${gone.join(' ')}`] : []),
    ...(set.length > 0 ? [`export ${set.map(([name, value]) => `${name}=${quote(value)}`).join(' ')}`] : []),
    ...(folder === undefined ? [] : [`cd ${quote(folder)}`]),
    withoutNames(command, values, resolvePath(shell.cwd, folder ?? '.'))
      .map(quote)
      .join(' '),
  ];
  return await nested(shell, words.join('; '));
}

/** A shell below begins with what a login gives, so its script forgets first what it was not given. */
function withoutNames(command: readonly string[], values: ReadonlyMap<string, string>, cwd: string): readonly string[] {
  const at = command.findIndex((word) => /^-[a-z]*c$/.test(word)) + 1;
  const text = command[at];
  if (at === 0 || text === undefined || !/^(?:\/\S*\/)?(?:ba|da|a)?sh$/.test(command[0] ?? '')) return command;
  const gone = [...loginNames, 'OLDPWD'].filter((name) => !values.has(name) && !keptByShells.has(name));
  const hidden = values.has('PATH') ? '' : 'export -n PATH; ';
  // bash counts itself, unless it is the command's own process in the end, as it is for a single one.
  const level = /bash$/.test(command[0] ?? '') ? ` SHLVL=${/[;&|\n]/.test(text) ? 1 : 0}` : '';
  const own = values.has('PWD') ? '' : `export PWD=${quote(cwd)}${level}; `;
  return gone.length === 0 ? command : command.with(at, `unset ${gone.join(' ')}; ${hidden}${own}${text}`);
}

/** What every shell gives itself. */
const keptByShells: ReadonlySet<string> = new Set(['PATH', 'PWD', 'SHLVL']);

const isName = /^[A-Za-z_]\w*$/;

function readEnv(args: readonly string[], exported: Readonly<Record<string, string>>): Surroundings | string {
  const values = new Map([...Object.entries(exported), ['_', '/usr/bin/env'] as const]);
  let folder: string | undefined;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-' || arg === '-i' || arg === '--ignore-environment') values.clear();
    else if (arg === '-u' || arg === '-C') {
      const name = args[++at];
      if (name === undefined)
        return `env: option requires an argument -- '${arg.slice(1)}'\nTry 'env --help' for more information.\n`;
      if (arg === '-u') values.delete(name);
      else folder = name;
    } else if (/^-u./.test(arg)) values.delete(arg.slice(2));
    else if (arg.startsWith('--unset=')) values.delete(arg.slice(8));
    else if (arg === '--') continue;
    else if (/^-./.test(arg))
      return `env: invalid option -- '${arg.slice(1, 2)}'\nTry 'env --help' for more information.\n`;
    else if (arg.includes('=') && !arg.startsWith('='))
      values.set(arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1));
    else break;
  }
  return { values, command: args.slice(at), folder };
}

async function isThere({ shell }: Call, program: string): Promise<boolean> {
  const done = await nested(shell, `command -v ${quote(program)}`);
  // A word of the shell's own, such as `cd`, is no program.
  return done.exitCode === 0;
}

async function timeout(call: Call): Promise<Result> {
  const { args, shell, machine } = call;
  const own = ownWords(args);
  const [duration, program] = args.slice(own);
  const help = "Try 'timeout --help' for more information.\n";
  if (duration === undefined || program === undefined) return fail(`timeout: missing operand\n${help}`, 125);
  if (!/^\d*\.?\d+[smhd]?$|^\d+\.$/.test(duration))
    return fail(`timeout: invalid time interval ‘${duration}’\n${help}`, 125);
  if (!(await isThere(call, program)))
    return fail(`timeout: failed to run command ‘${program}’: No such file or directory\n`, 127);
  const isKill = /(?:^|\s)(?:-s ?|--signal=)(?:SIG)?(?:KILL|9)\b/.test(args.slice(0, own).join(' '));
  const plain = args.slice(own).filter((arg) => arg !== '--');
  const done: Result = (await shell.origCommand?.([...plain])) ?? {};
  if (done.exitCode !== 124 || !isKill) return done;
  // The shell tells of a child that was killed.
  const told = machine.isAtTerminal()
    ? 'Killed'
    : `bash: line 1: ${machine.visitor.pid + 7} Killed                  ${['timeout', ...args].join(' ')}`;
  return { ...done, stderr: `${done.stderr ?? ''}${told}\n`, exitCode: 137 };
}

function ownWords(args: readonly string[]): number {
  let at = 0;
  for (; /^-./.test(args[at] ?? ''); at++) {
    if (args[at] === '--') return at + 1;
    if (args[at] === '-s' || args[at] === '-k') at++;
  }
  return at;
}
