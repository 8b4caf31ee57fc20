import { resolvePath } from '../../world/paths.ts';
import { type Call, fail, type Programs, type Result } from '../program.ts';
import { nested } from './nested.ts';

interface Wrapper {
  /** Options that have a value, by their letters. */
  readonly takes: string;
  /** Words of its own before the command. */
  readonly own: number;
  /** What it says where there is no command. */
  readonly bare: Result;
}

const usage = (name: string, said = 'bad usage') =>
  fail(`${name}: ${said}\nTry '${name} --help' for more information.\n`);

const wrappers: Readonly<Record<string, Wrapper>> = {
  nice: { takes: 'n', own: 0, bare: { stdout: '0\n' } },
  ionice: { takes: 'cnpPu', own: 0, bare: { stdout: 'none: prio 0\n' } },
  chrt: { takes: 'TPD', own: 1, bare: usage('chrt') },
  taskset: { takes: '', own: 1, bare: usage('taskset') },
  stdbuf: {
    takes: 'ioe',
    own: 0,
    bare: fail("stdbuf: missing operand\nTry 'stdbuf --help' for more information.\n", 125),
  },
  flock: { takes: 'wEc', own: 1, bare: { ...usage('flock', 'not enough arguments'), exitCode: 64 } },
  setarch: { takes: '', own: 1, bare: usage('setarch', 'Not enough arguments') },
  unshare: { takes: 'RwSG', own: 0, bare: {} },
  nsenter: { takes: 'tSG', own: 0, bare: {} },
  prlimit: { takes: 'op', own: 0, bare: {} },
  'systemd-cat': { takes: 'tp', own: 0, bare: {} },
  chroot: {
    ...{ takes: '', own: 1 },
    bare: fail("chroot: missing operand\nTry 'chroot --help' for more information.\n", 125),
  },
};

/** Programs that run another one in some other way, which nobody sees here. */
export const wrapperPrograms: Programs = Object.fromEntries(
  Object.entries(wrappers).map(([name, wrapper]) => [name, (call: Call) => wrap(call, wrapper)]),
);

async function wrap({ args, machine, shell, name }: Call, { takes, own, bare }: Wrapper): Promise<Result> {
  const start = firstOperand(args, takes) + own;
  const command = args.slice(start);
  const target = args[start - 1] ?? '';
  if (args.length === 0) return bare;
  if (name === 'chroot' && machine.world.find(resolvePath(shell.cwd, target))?.kind !== 'folder')
    return fail(`chroot: cannot change root directory to '${target}': No such file or directory\n`, 125);
  if (command.length === 0) return {};
  const done = await nested(shell, '"$@"', name === 'flock' && command[0] === '-c' ? ['sh', ...command] : command);
  if (done.exitCode !== 127) return done;
  const failed = name === 'taskset' || name === 'chrt' ? 'failed to execute' : 'failed to run command';
  return fail(`${name}: ${failed} ‘${command[0] ?? ''}’: No such file or directory\n`, 127);
}

function firstOperand(args: readonly string[], takes: string): number {
  let at = 0;
  for (; args[at]?.startsWith('-'); at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return at + 1;
    if (arg.length === 2 && takes.includes(arg.slice(1))) at++;
  }
  return at;
}
