import { quote } from '../nested.ts';
import { accountsIn } from '../world-accounts.ts';
import type { BuiltInCall, BuiltIns } from './built-ins.ts';
import { PerlDied, PerlExit } from './faults.ts';
import { outputOf } from './input-output.ts';
import { requireModule } from './modules.ts';
import { readProgram } from './read-program.ts';
import { die, failWith, pathOf, type Runtime, whereOf } from './runtime.ts';
import { cellOf, createScope } from './scope.ts';
import { isReference, numberOf, type Scalar, textOf } from './values.ts';

/** Functions on processes, time and the program itself. */
export const systemFunctions: BuiltIns = {
  die: async ({ values, runtime }) => {
    const given = await values();
    const [first] = given;
    if (given.length === 1 && isReference(first)) throw new PerlDied(first);
    const text = given.map(textOf).join('') || 'Died';
    throw new PerlDied(text.endsWith('\n') ? text : text + whereOf(runtime));
  },
  warn: async ({ values, runtime }) => {
    const text = (await values()).map(textOf).join('') || "Warning: something's wrong";
    runtime.write(text.endsWith('\n') ? text : text + whereOf(runtime), true);
    return 1;
  },
  exit: async ({ args, value }) => {
    throw new PerlExit(args.length > 0 ? numberOf(await value()) & 0xff : 0);
  },
  eval: async ({ value, runtime, scope, isList }) => {
    const text = textOf(await value());
    const fault = cellOf(runtime.globals, '@');
    try {
      const values = await runtime.execute(readProgram(text), createScope(scope), isList);
      fault.value = '';
      return values;
    } catch (error) {
      const said = runtime.faultText(error);
      if (said === undefined) throw error;
      fault.value = said;
      return isList ? [] : undefined;
    }
  },
  system: async ({ values, runtime }) => {
    const words = (await values()).map(textOf);
    const status = await runShown(runtime, words);
    return status;
  },
  exec: async ({ values, runtime }) => {
    const status = await runShown(runtime, (await values()).map(textOf));
    if (status === -1) return '';
    throw new PerlExit(status >> 8);
  },
  // The program goes on as the child: the one that droppers leave behind does the work.
  fork: () => 0,
  wait: noChild,
  waitpid: noChild,
  setsid: ({ runtime }) => runtime.call.machine.visitor.pid,
  getppid: ({ runtime }) => runtime.call.machine.visitor.pid,
  getpgrp: ({ runtime }) => runtime.call.machine.visitor.pid,
  setpgrp: () => 1,
  setpriority: () => 1,
  umask: () => 0o022,
  alarm: () => 0,
  times: () => [0.02, 0.01, 0, 0],
  sleep: async ({ value, runtime }) => {
    const seconds = Math.trunc(numberOf(await value()));
    if (seconds > 0) await runtime.run(`sleep ${Math.min(seconds, 86_400)}`);
    return seconds;
  },
  kill: async ({ values, runtime }) => {
    const [signal, ...pids] = (await values()).map(textOf);
    const done = await runtime.run(`kill -${(signal ?? '0').replace(/[^\w]/g, '')} ${pids.map(Number).join(' ')}`);
    if (done.exitCode !== 0) failWith(runtime, 'ESRCH');
    return done.exitCode === 0 ? pids.length : 0;
  },
  chdir: async ({ args, value, runtime }) => {
    const path = args.length > 0 ? pathOf(runtime, await value()) : '/root';
    const node = runtime.call.machine.world.find(path);
    if (node?.kind !== 'folder') return failWith(runtime, node ? 'ENOTDIR' : 'ENOENT') ?? '';
    runtime.cwd = path;
    return 1;
  },
  chroot: () => 1,
  time: ({ runtime }) => Math.floor(runtime.call.machine.now() / 1000),
  localtime: async ({ args, value, runtime, isList }) =>
    timeOf(args.length > 0 ? numberOf(await value()) : runtime.call.machine.now() / 1000, isList),
  gmtime: async ({ args, value, runtime, isList }) =>
    timeOf(args.length > 0 ? numberOf(await value()) : runtime.call.machine.now() / 1000, isList),
  getpwnam: async ({ value, runtime, isList }) => {
    const name = textOf(await value());
    return accountOf(runtime, (account) => account.name === name, isList, 'uid');
  },
  getpwuid: async ({ value, runtime, isList }) => {
    const uid = numberOf(await value());
    return accountOf(runtime, (account) => account.uid === uid, isList, 'name');
  },
  getgrnam: () => [],
  getgrgid: () => 'root',
  getlogin: ({ runtime }) => runtime.call.machine.visitor.user,
  require: async ({ args: [node], value, runtime }) => {
    const name = node?.kind === 'call' ? node.name.replace(/\0$/, '') : textOf(await value());
    requireModule(runtime, name.replace(/\.pm$/, '').replaceAll('/', '::'));
    return 1;
  },
  'do-file': ({ runtime }) => failWith(runtime, 'ENOENT'),
  lock: () => 1,
  local: () => undefined,
  untie: () => 1,
  tie: ({ runtime }) => die(runtime, 'Can\'t locate object method "TIESCALAR"'),
};

function noChild({ runtime }: BuiltInCall): number {
  failWith(runtime, 'ECHILD');
  return -1;
}

/** Runs a command whose output is the program's. @returns its status as `$?` has it, or -1 where there is no such program */
async function runShown(runtime: Runtime, words: readonly string[]): Promise<number> {
  const [only = '', more] = words;
  const command = more === undefined ? only : words.map(quote).join(' ');
  const isPlain = more !== undefined || !/[;&|<>$`(){}*?'"\\\n=]/.test(only);
  const [program = ''] = more === undefined ? only.trim().split(/\s+/) : words;
  const isKnown = !isPlain || (await runtime.run(`command -v ${quote(program)}`)).exitCode === 0;
  if (!isKnown) {
    failWith(runtime, 'ENOENT');
    cellOf(runtime.globals, '?').value = -1;
    return -1;
  }
  runtime.write(await outputOf(runtime, command));
  return numberOf(cellOf(runtime.globals, '?').value);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function timeOf(seconds: number, isList: boolean): Scalar | Scalar[] {
  const at = new Date(Math.trunc(Math.max(-8e12, Math.min(8e12, seconds))) * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [day, date, month, year] = [at.getUTCDay(), at.getUTCDate(), at.getUTCMonth(), at.getUTCFullYear()];
  const [hours, minutes, second] = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  if (!isList)
    return `${days[day]} ${months[month]} ${String(date).padStart(2)} ${two(hours)}:${two(minutes)}:${two(second)} ${year}`;
  const dayOfYear = Math.floor((Date.UTC(year, month, date) - Date.UTC(year, 0, 1)) / 86_400_000);
  return [second, minutes, hours, date, month, year - 1900, day, dayOfYear, 0];
}

type Account = ReturnType<typeof accountsIn>[number];

function accountOf(
  { call }: Runtime,
  isIt: (account: Account) => boolean,
  isList: boolean,
  one: 'uid' | 'name',
): Scalar | Scalar[] {
  const account = accountsIn(call.machine).find(isIt);
  if (!account) return isList ? [] : undefined;
  const { name, uid, gid, home, shell } = account;
  return isList ? [name, 'x', uid, gid, '', '', name, home, shell] : account[one];
}
