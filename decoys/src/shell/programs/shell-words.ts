import { canRun } from '../../persona/programs.ts';
import { resolvePath } from '../../world/paths.ts';
import { type Programs, say } from '../program.ts';
import { strangerProgram } from '../shell-files.ts';
import { history } from './history.ts';
import { nested } from './nested.ts';

/** What belongs to the shell itself and the interpreter does not have. */
export const shellWordPrograms: Programs = {
  history,
  trap: () => ({}),
  umask: ({ args }) =>
    args.length === 0 || args[0] === '-S' ? say(args[0] === '-S' ? 'u=rwx,g=rx,o=rx\n' : '0022\n') : {},
  ulimit: ({ args }) =>
    args.length === 0
      ? say('unlimited\n')
      : args.includes('-n') && args.length === 1
        ? say('1024\n')
        : args.includes('-a')
          ? say(ulimits)
          : {},
  jobs: ({ machine }) => say(machine.background?.list() ?? ''),
  disown: ({ machine }) => {
    machine.background?.disown();
    return {};
  },
  bg: () => ({ stderr: '-bash: bg: current: no such job\n', exitCode: 1 }),
  fg: () => ({ stderr: '-bash: fg: current: no such job\n', exitCode: 1 }),
  sync: () => ({}),
  clear: () => say('\x1b[H\x1b[2J\x1b[3J'),
  reset: () => say('\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>'),
  nohup: async ({ args, shell, machine }) => {
    if (args.length === 0)
      return { stderr: "nohup: missing operand\nTry 'nohup --help' for more information.\n", exitCode: 125 };
    const result = await nested(shell, '"$@"', args);
    if (result.exitCode === 127)
      return { stderr: `nohup: failed to run command ‘${args[0]}’: No such file or directory\n`, exitCode: 127 };
    return machine.visitor.terminal
      ? { ...result, stderr: `nohup: ignoring input and appending output to 'nohup.out'\n${result.stderr ?? ''}` }
      : result;
  },
  setsid: async ({ args, shell }) => await nested(shell, '"$@"', args),
  /** A program for the processor: what a visitor brought. It "runs" and stays silent; another processor's says so. */
  [strangerProgram]: ({ args, machine, shell }) => {
    const [path = ''] = args;
    const bytes = machine.world.find(resolvePath(shell.cwd, path))
      ? machine.world.read(resolvePath(shell.cwd, path), machine.actor)
      : new Uint8Array();
    if (!canRun(bytes, machine.persona.kernel.machine))
      return { stderr: `bash: ${path}: cannot execute binary file: Exec format error\n`, exitCode: 126 };
    return {};
  },
};

const ulimits =
  'real-time non-blocking time  (microseconds, -R) unlimited\ncore file size              (blocks, -c) 0\ndata seg size               (kbytes, -d) unlimited\nscheduling priority                 (-e) 0\nfile size                   (blocks, -f) unlimited\npending signals                     (-i) 15492\nmax locked memory           (kbytes, -l) 65536\nmax memory size             (kbytes, -m) unlimited\nopen files                          (-n) 1024\npipe size                (512 bytes, -p) 8\nPOSIX message queues         (bytes, -q) 819200\nreal-time priority                  (-r) 0\nstack size                  (kbytes, -s) 8192\ncpu time                   (seconds, -t) unlimited\nmax user processes                  (-u) 15492\nvirtual memory              (kbytes, -v) unlimited\nfile locks                          (-x) unlimited\n';
