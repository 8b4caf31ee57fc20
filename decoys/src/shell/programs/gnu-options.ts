import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, interpretersOwn, type Programs, type Result } from '../program.ts';
import { nested, quote } from './nested.ts';

/** Text tools of the interpreter with the words of GNU's that it does not know. */
export const gnuOptionPrograms: Programs = { grep, awk, rm, tr, zcat };

/** `-I` leaves out what is no text, which recursion does here anyway; a folder's last slash is not told twice. */
async function grep({ args, shell }: Call): Promise<Result> {
  const isDeep = args.some((arg) => /^-[a-zA-Z]*[rR]/.test(arg));
  const words = args.flatMap((arg) => {
    if (/^-[a-zA-Z]*I[a-zA-Z]*$/.test(arg)) return arg === '-I' ? [] : [arg.replace('I', '')];
    return isDeep && /^[^-].*\/$/.test(arg) && arg !== '/' ? [arg.replace(/\/+$/, '')] : [arg];
  });
  return await instead(args, words, shell);
}

/** `name=value` among the files is set before what comes behind it is read. */
async function awk({ args, machine, shell }: Call): Promise<Result> {
  const program = programAt(args);
  const isSet = (arg: string) =>
    /^[A-Za-z_]\w*=/.test(arg) && machine.world.find(resolvePath(shell.cwd, arg)) === undefined;
  const behind = args.slice(program + 1);
  const set = behind.filter(isSet).flatMap((arg) => ['-v', arg]);
  const words = [...set, ...args.slice(0, program + 1), ...behind.filter((arg) => !isSet(arg))];
  return await instead(args, words, shell);
}

/** Where the program stands; with `-f` before the first operand. */
function programAt(args: readonly string[]): number {
  let hasFile = false;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[fvF]$/.test(arg)) {
      hasFile ||= arg === '-f';
      at++;
    } else if (!arg.startsWith('-') || arg === '-') return hasFile ? at - 1 : at;
  }
  return args.length;
}

/** GNU's refuses to take everything away, unless it is told to. */
async function rm({ args, shell, machine }: Call): Promise<Result> {
  const words = args.filter((arg) => !/^--(?:no-)?preserve-root/.test(arg));
  const isDeep = words.some((arg) => /^-[a-zA-Z]*[rR]|^--recursive$/.test(arg));
  const isAll = words.some((arg) => !arg.startsWith('-') && resolvePath(shell.cwd, arg) === '/');
  if (isDeep && isAll && machine.persona.os.family !== 'busybox' && !args.includes('--no-preserve-root'))
    return fail(
      "rm: it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe\n",
    );
  return await instead(args, words, shell);
}

/** `\\0` and its kin: scripts read /proc by `tr '\\0' ' '`. */
async function tr({ args, shell }: Call): Promise<Result> {
  const words = args.map((arg) => arg.replace(/\\([0-7]{1,3})/g, (_, digits: string) => ofCode(digits)));
  return await instead(args, words, shell);
}

function ofCode(octal: string): string {
  const sign = String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  return sign === '\\' ? '\\\\' : sign;
}

/** It looks at what is in a file, not at its name. */
async function zcat({ args, shell }: Call): Promise<Result> {
  const named = args.filter((arg) => !arg.startsWith('-'));
  if (named.length !== 1 || /\.g?z$/.test(named[0] ?? '')) return interpretersOwn;
  return await nested(shell, `gzip -dc < ${quote(named[0] ?? '')}`);
}

async function instead(given: readonly string[], words: string[], shell: Call['shell']): Promise<Result> {
  if (words.length === given.length && words.every((word, at) => word === given[at])) return interpretersOwn;
  return (await shell.origCommand?.(words)) ?? {};
}
