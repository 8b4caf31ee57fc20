import type { StatementNode } from 'just-bash';

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
}

export type Background = ReturnType<typeof createBackground>;

const jobsMax = 8;

/**
 * What a person sent into the background with `&`: his prompt comes back at once, and the end is told before a later one. What such a
 * command says is lost, since nobody listens to a line that has ended; what it writes is kept.
 */
export function createBackground(pidOf: (number: number) => number, now: () => number) {
  const jobs = new Map<number, OpenJob>();

  return {
    /** The jobs that still run, first started first. */
    running: (): readonly BackgroundJob[] => [...jobs.values()].filter(({ ended }) => ended === undefined),
    mayStart: (node: StatementNode, functions: Readonly<Record<string, string>>) =>
      jobs.size < jobsMax && isSimple(node, functions),
    start,
    list: () => [...jobs.values()].map((job) => row(job, job.ended ?? 'Running', job.ended === undefined)).join(''),
    /** Tells of those that ended since, and forgets them. */
    reap,
  };

  function start(text: string, run: (signal: AbortSignal) => Promise<number>): string {
    const number = Math.max(0, ...jobs.keys()) + 1;
    const stopping = new AbortController();
    const bare = text.replace(/\s*&\s*$/, '');
    const job: OpenJob = {
      ...{ number, pid: pidOf(number), text: bare, startedMs: now(), ended: undefined, isStopped: false },
      stop() {
        job.isStopped = true;
        job.ended = 'Terminated';
        stopping.abort();
      },
    };
    jobs.set(number, job);
    void run(stopping.signal).then((status) => {
      job.ended ??= status === 0 ? 'Done' : `Exit ${status}`;
    });
    return `[${number}] ${job.pid}\n`;
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

/** Commands only: a loop or a function of his own would have to hold the thread that others use too. */
function isSimple({ pipelines }: StatementNode, functions: Readonly<Record<string, string>>): boolean {
  return pipelines.every(({ commands }) =>
    commands.every((command) => {
      if (command.type !== 'SimpleCommand') return false;
      const [first] = command.name?.parts ?? [];
      return first?.type === 'Literal' && !Object.hasOwn(functions, first.value);
    }),
  );
}
