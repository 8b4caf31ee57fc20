import type { Bash } from 'just-bash';
import { literal } from './line-shape.ts';
import { simpleCommands } from './list-parts.ts';
import { inOwnWords, isLimit } from './own-words.ts';
import type { Machine } from './program.ts';
import { preamble, type ShellState } from './shell-memory.ts';
import type { Statement } from './statements.ts';

export interface BackgroundJob {
  readonly number: number;
  readonly pid: number;
  readonly text: string;
  readonly startedMs: number;
  readonly stop: () => void;
}

interface OpenJob extends BackgroundJob {
  ended: string | undefined;
  isStopped: boolean;
  readonly over: Promise<void>;
  status: number;
}

export type Background = ReturnType<typeof createBackground>;

const jobsMax = 8;

/**
 * What a person sent into the background with `&`: his prompt comes back at once, what it says comes when it has ended, and the end is
 * told before a later prompt.
 */
export function createBackground(pidOf: (number: number) => number, now: () => number) {
  const jobs = new Map<number, OpenJob>();

  return {
    /** The jobs that still run, first started first. */
    running: (): readonly BackgroundJob[] => [...jobs.values()].filter(({ ended }) => ended === undefined),
    mayStart: () => jobs.size < jobsMax,
    start,
    wait,
    disown: () => jobs.clear(),
    stopAll() {
      for (const { stop } of jobs.values()) stop();
    },
    /** What `jobs` says; what it says has ended is not told again. */
    list() {
      const rows = [...jobs.values()].map((job) => row(job, job.ended ?? 'Running', job.ended === undefined));
      reap();
      return rows.join('');
    },
    /** Tells of those that ended since, and forgets them. */
    reap,
  };

  function start(text: string, run: (signal: AbortSignal) => Promise<number>): string {
    const number = Math.max(0, ...jobs.keys()) + 1;
    const stopping = new AbortController();
    const bare = text.replace(/\s*&\s*$/, '');
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const job: OpenJob = {
      ...{
        number,
        pid: pidOf(number),
        text: bare,
        startedMs: now(),
        ended: undefined,
        isStopped: false,
        over,
        status: 143,
      },
      stop() {
        job.isStopped = true;
        job.ended = 'Terminated';
        stopping.abort();
        resolve();
      },
    };
    jobs.set(number, job);
    void run(stopping.signal).then((status) => {
      if (!job.isStopped) job.status = status;
      job.ended ??= status === 0 ? 'Done' : `Exit ${status}`;
      resolve();
    });
    return `[${number}] ${job.pid}\n`;
  }

  /** Until those have ended, or the person presses Ctrl-C. @returns the status, and what the shell says of it */
  async function wait({ names, isForeground }: Waited, signal: AbortSignal): Promise<{ status: number; said: string }> {
    const open = [...jobs.values()];
    const named = names.flatMap((name) => {
      const found = open.find(({ number, pid }) => name === `%${number}` || name === String(pid));
      return found ?? (/^%[+%-]?$/.test(name) ? (open.at(-1) ?? []) : []);
    });
    if (named.length < names.length || (isForeground && open.length === 0)) return missing(names, isForeground);
    const chosen = names.length > 0 ? named : isForeground ? open.slice(-1) : open;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([Promise.all(chosen.map(({ over }) => over)), stopped]);
    const last = chosen.at(-1);
    if (!isForeground) return { status: names.length > 0 ? (last?.status ?? 0) : 0, said: '' };
    if (signal.aborted) last?.stop();
    if (last) jobs.delete(last.number);
    return { status: last?.status ?? 0, said: `${last?.text ?? ''}\n` };
  }

  function missing([name = 'current']: readonly string[], isForeground: boolean): { status: number; said: string } {
    if (isForeground) return { status: 1, said: `-bash: fg: ${name}: no such job\n` };
    if (name.startsWith('%')) return { status: 127, said: `-bash: wait: ${name}: no such job\n` };
    return { status: 127, said: `-bash: wait: pid ${name} is not a child of this shell\n` };
  }

  function reap(): string {
    const over = [...jobs.values()].filter(({ ended }) => ended !== undefined);
    for (const { number } of over) jobs.delete(number);
    return over.map((job) => row(job, job.ended ?? '', false)).join('');
  }

  function row({ number, text }: OpenJob, state: string, isRunning: boolean): string {
    const last = Math.max(...jobs.keys(), number);
    return `[${number}]${number === last ? '+' : '-'}  ${state.padEnd(24)}${text}${isRunning ? ' &' : ''}\n`;
  }
}

/** The jobs that `wait` and `fg` name; undefined where the statement is another. */
export interface Waited {
  readonly names: readonly string[];
  readonly isForeground: boolean;
}

/** What `wait` or `fg` asks for; undefined where the statement is another, or names what is no job. */
export function waitedFor(statement: Statement): Waited | undefined {
  const [command, more] = simpleCommands(statement);
  if (!command?.name || more) return undefined;
  const [name, ...names] = [command.name, ...command.args].map(literal);
  if ((name !== 'wait' && name !== 'fg') || names.some((each) => !/^(?:%[\d+%-]?|\d+)$/.test(each))) return undefined;
  return { names, isForeground: name === 'fg' };
}

export interface Behind {
  /** Of its own: the shell's goes on with the next line. */
  readonly bash: Bash;
  readonly text: string;
  readonly state: ShellState;
  readonly machine: Machine;
}

/** What runs a job; what it says is given to the machine when it ends, unless it was stopped. */
export function runBehind({ bash, text, state, machine }: Behind): (signal: AbortSignal) => Promise<number> {
  const { cwd, env } = state;
  const bare = text.replace(/&\s*$/, '');
  return async (signal) => {
    try {
      const options = { cwd, env: { ...env }, replaceEnv: true, signal, rawScript: true };
      const done = await bash.exec(`${preamble(state, bare, true)}${bare}`, options);
      if (signal.aborted) return 143;
      machine.sayLate?.(Buffer.from(done.stdout, done.stdoutKind === 'bytes' ? 'latin1' : 'utf8'), false);
      if (!isLimit(done)) machine.sayLate?.(Buffer.from(inOwnWords(done.stderr, machine, state)), true);
      return done.exitCode;
    } catch {
      // A job that crashed: bash tells of it as of one that failed.
      return 1;
    }
  };
}
