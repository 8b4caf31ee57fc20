import { programOf } from '../../persona/process-table.ts';
import { type Call, fail, type Machine, type Programs, type Result, readOptions, say } from '../program.ts';
import { processesOf } from './processes.ts';

/** Programs that find processes and tell them something; the persona's own outlast it, as services do that are started again. */
export const processSignalPrograms: Programs = {
  pgrep: ({ args, machine }) => pgrep(args, machine),
  pidof: ({ args, machine }) => {
    const found = processesOf(machine).filter(({ command }) => args.some((name) => programOf(command) === name));
    return {
      stdout:
        found.length > 0
          ? `${found
              .map(({ pid }) => pid)
              .reverse()
              .join(' ')}\n`
          : '',
      exitCode: found.length > 0 ? 0 : 1,
    };
  },
  pkill: ({ args, machine }) => {
    const pattern = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? '';
    if (args.length === 0)
      return fail("pkill: no matching criteria specified\nTry `pkill --help' for more information.\n", 2);
    return { exitCode: processesOf(machine).some(({ command }) => command.includes(pattern)) ? 0 : 1 };
  },
  killall: ({ args, machine }) => {
    const names = args.filter((arg) => !arg.startsWith('-'));
    const unknown = names.filter((name) => !processesOf(machine).some(({ command }) => programOf(command) === name));
    const isQuiet = args.some((arg) => /^-\w*q|^--quiet$/.test(arg));
    return fail(
      isQuiet ? '' : unknown.map((name) => `${name}: no process found\n`).join(''),
      unknown.length > 0 ? 1 : 0,
    );
  },
  kill,
};

function pgrep(args: readonly string[], machine: Machine): Result {
  const pattern = args.filter((arg) => !arg.startsWith('-')).at(-1) ?? '';
  const isFull = args.some((arg) => /^-\w*[fa]/.test(arg));
  const isNamed = args.some((arg) => /^-\w*[la]/.test(arg));
  const found = processesOf(machine).filter(({ command }) => (isFull ? command : programOf(command)).includes(pattern));
  if (args.some((arg) => /^-\w*c/.test(arg)))
    return { stdout: `${found.length}\n`, exitCode: found.length > 0 ? 0 : 1 };
  return {
    stdout: found
      .map(({ pid, command }) => `${pid}${isNamed ? ` ${isFull ? command : programOf(command)}` : ''}\n`)
      .join(''),
    exitCode: found.length > 0 ? 0 : 1,
  };
}

const signals =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP'.split(' ');

/** `kill -l 9`, `kill -l TERM`; an exit status of a killed program is told by its signal. */
function signalNames(asked: readonly string[]): Result {
  const said = asked.map((word) => {
    const number = /^\d+$/.test(word) ? Number(word) % 128 : undefined;
    const place = signals.indexOf(word.toUpperCase().replace(/^SIG/, ''));
    return number === undefined ? (place < 0 ? undefined : String(place + 1)) : signals[number - 1];
  });
  const bad = asked.find((_, at) => said[at] === undefined);
  return {
    stdout: said.flatMap((each) => (each === undefined ? [] : [`${each}\n`])).join(''),
    stderr: bad === undefined ? '' : `bash: kill: ${bad}: invalid signal specification\n`,
    exitCode: bad === undefined ? 0 : 1,
  };
}

function kill({ args, machine }: Call): Result {
  const { flags } = readOptions(args, 's');
  const asked = args.filter((arg) => !arg.startsWith('-'));
  if (flags.has('l') && asked.length > 0) return signalNames(asked);
  if (flags.has('l'))
    return say(
      ' 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n 6) SIGABRT\t 7) SIGBUS\t 8) SIGFPE\t 9) SIGKILL\t10) SIGUSR1\n11) SIGSEGV\t12) SIGUSR2\t13) SIGPIPE\t14) SIGALRM\t15) SIGTERM\n',
    );
  const jobs = args.filter((arg) => /^%\d*[+%]?$/.test(arg));
  for (const name of jobs) {
    const running = machine.background?.running() ?? [];
    const job = /\d/.test(name) ? running.find(({ number }) => `%${number}` === name) : running.at(-1);
    if (!job) return fail(`bash: kill: ${name}: no such job\n`);
    job.stop();
  }
  const targets = args.filter((arg) => /^\d+$/.test(arg) && !/^-/.test(arg));
  for (const job of machine.background?.running() ?? []) {
    if (!targets.includes(String(job.pid))) continue;
    job.stop();
    targets.splice(targets.indexOf(String(job.pid)), 1);
    jobs.push(String(job.pid));
  }
  if (jobs.length > 0 && targets.length === 0) return {};
  const other = args.find((arg) => !/^[-%]/.test(arg) && !/^\d+$/.test(arg));
  if (other !== undefined && targets.length === 0 && args[args.indexOf(other) - 1] !== '-s')
    return fail(`bash: kill: ${other}: arguments must be process or job IDs\n`);
  if (targets.length === 0)
    return fail('kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n', 2);
  const known = new Set(processesOf(machine).map(({ pid }) => pid));
  const missing = targets.filter((target) => !known.has(Number(target)));
  return fail(
    missing.map((target) => `bash: kill: (${target}) - No such process\n`).join(''),
    missing.length > 0 ? 1 : 0,
  );
}
