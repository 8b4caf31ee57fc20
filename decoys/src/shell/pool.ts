import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorldChange } from '../world/node.ts';
import type { FromWorker, JobEnd, ToWorker, WorkerSetup } from './messages.ts';
import type { Echo, ShellEvent } from './program.ts';

const compiledCode = getCompileCacheDir();

export interface Job {
  readonly world: string;
  readonly request: Omit<Extract<ToWorker, { kind: 'run' }>, 'kind' | 'job'>;
  readonly output: (bytes: Uint8Array, isError: boolean) => void;
  readonly event: (event: ShellEvent) => void;
  readonly ask: (prompt: string, echo: Echo) => Promise<string | null>;
  readonly fetch: (url: string) => Promise<Uint8Array | null>;
}

export interface RunningJob {
  /** `null` where its worker had to be killed: it burned processor time or memory without end. */
  readonly ended: Promise<JobEnd | null>;
  readonly stop: () => void;
}

export interface PoolOptions {
  readonly setup: WorkerSetup;
  readonly workersMax: number;
  /** A worker that gives no sign for so long while it has jobs is killed. */
  readonly silentMsMax: number;
  readonly memoryMbMax: number;
  /** What a world holds now, to give it to a worker. */
  readonly changesOf: (world: string) => readonly WorldChange[];
  readonly changed: (world: string, changes: readonly WorldChange[]) => void;
  readonly killed: (why: string) => void;
}

interface OpenJob extends Job {
  readonly settle: (end: JobEnd | null) => void;
}

interface OpenWorker {
  readonly thread: Worker;
  readonly jobs: Map<number, OpenJob>;
  readonly worlds: Set<string>;
  isReady: boolean;
  heardAt: number;
}

export type ShellPool = ReturnType<typeof createShellPool>;

const jobsAtHomeMax = 4;
/** An input so large is handed to the thread instead of copied: whoever gave it cannot read it any more. */
const handedBytesMin = 256 * 1024;
const checkMs = 100;
/** A thread counts as held after this; sooner, and a busy machine makes us start threads that make it busier. */
const heldMs = 300;

/**
 * Runs lines of shell in threads. A world is in one thread at a time, so that all sessions of an attacker see one
 * state; a line goes to a thread that has nothing to do where there is one, and one such thread is always kept, so that
 * a line that burns its thread holds up nobody else.
 */
export function createShellPool(options: PoolOptions) {
  const workers = new Set<OpenWorker>();
  /** The latest job of each shell: what went on behind its prompt speaks as that, also after its end. */
  const latest = new Map<number, { readonly number: number; readonly job: Job }>();
  let lastJob = 0;
  let isClosed = false;
  let checking: NodeJS.Timeout | undefined;
  // Both from the start: a thread that starts takes half a second of processor from the first visitors.
  const first = Array.from({ length: Math.min(2, options.workersMax) }, startWorker);

  return {
    ready: Promise.all(first.map(({ ready }) => ready)).then(() => undefined),
    run,
    patch,
    close: closeWorld,
    forget: (shell: number) => {
      latest.delete(shell);
      for (const { thread } of workers) thread.postMessage({ kind: 'forget', shell } satisfies ToWorker);
    },
    /** Threads and the jobs they have, for tests and figures. */
    load: () => [...workers].map(({ jobs }) => jobs.size),
    async end() {
      isClosed = true;
      clearInterval(checking);
      await Promise.all([...workers].map(({ thread }) => thread.terminate()));
    },
  };

  function run(job: Job): RunningJob {
    const worker = choose(job.world);
    const number = ++lastJob;
    const { promise, resolve } = Promise.withResolvers<JobEnd | null>();
    worker.jobs.set(number, { ...job, settle: resolve });
    latest.set(job.request.shell, { number, job });
    if (!worker.worlds.has(job.world)) {
      for (const other of workers) other.worlds.delete(job.world);
      worker.worlds.add(job.world);
      worker.thread.postMessage({
        kind: 'world',
        world: job.world,
        changes: options.changesOf(job.world),
      } satisfies ToWorker);
    }
    if (worker.jobs.size === 1) worker.heardAt = performance.now();
    keepChecking();
    const { buffer } = job.request.stdin;
    worker.thread.postMessage(
      { kind: 'run', job: number, ...job.request } satisfies ToWorker,
      buffer instanceof ArrayBuffer && buffer.byteLength >= handedBytesMin ? [buffer] : [],
    );
    keepSpare();
    return { ended: promise, stop: () => worker.thread.postMessage({ kind: 'stop', job: number } satisfies ToWorker) };
  }

  /** A change that did not come from a shell: by sftp, or a trap. */
  function patch(world: string, changes: readonly WorldChange[]): void {
    for (const { thread, worlds } of workers) {
      if (worlds.has(world)) thread.postMessage({ kind: 'patch', world, changes } satisfies ToWorker);
    }
  }

  /** Nobody is in it any more. */
  function closeWorld(world: string): void {
    for (const { thread, worlds } of workers) {
      if (worlds.delete(world)) thread.postMessage({ kind: 'close', world } satisfies ToWorker);
    }
  }

  function choose(world: string): OpenWorker {
    const holder = [...workers].find(
      ({ worlds, jobs }) => worlds.has(world) && [...jobs.values()].some((job) => job.world === world),
    );
    if (holder) return holder;
    // Moving a world costs sending it and building its shells again, some 2 ms; behind somebody's endless loop one waits for seconds.
    const home = [...workers].find(({ worlds }) => worlds.has(world));
    const idle = [...workers].find(({ isReady, jobs }) => isReady && jobs.size === 0);
    if (home && home !== idle && home.jobs.size > 0 && idle) return idle;
    if (home && burden(home) < jobsAtHomeMax) return home;
    const byLoad = [...workers].sort((a, b) => burden(a) - burden(b));
    return byLoad[0] ?? startWorker().worker;
  }

  /** Starting costs half a second, being stuck a kill; sleeping jobs cost nothing. */
  function burden({ jobs, isReady, heardAt }: OpenWorker): number {
    const silentMs = jobs.size > 0 ? performance.now() - heardAt : 0;
    return jobs.size + (isReady ? 0 : 50) + (silentMs > 2 * checkMs ? 1000 : 0);
  }

  /** Never fewer than two threads, and another where none is free while one is held: not for a moment's work. */
  function keepSpare(): void {
    const isHeld = ({ jobs, heardAt }: OpenWorker) => jobs.size > 0 && performance.now() - heardAt > heldMs;
    const isShort = ![...workers].some(({ jobs }) => jobs.size === 0) && [...workers].some(isHeld);
    if ((workers.size < 2 || isShort) && workers.size < options.workersMax && !isClosed) startWorker();
  }

  function startWorker(): { worker: OpenWorker; ready: Promise<void> } {
    const thread = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: options.setup,
      // Nothing of ours for a visitor to find, but where compiled code is kept: a thread takes that over only so.
      env: compiledCode === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiledCode) },
      stdin: false,
      // A young generation of 16 MB was collected so often that a line cost a twentieth more.
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMbMax, maxYoungGenerationSizeMb: 48, stackSizeMb: 4 },
    });
    const worker: OpenWorker = {
      thread,
      jobs: new Map(),
      worlds: new Set(),
      isReady: false,
      heardAt: performance.now(),
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    workers.add(worker);
    thread.on('message', (messages: readonly FromWorker[]) => {
      worker.heardAt = performance.now();
      for (const message of messages) {
        if (message.kind !== 'ready') receive(worker, message);
        else {
          worker.isReady = true;
          resolve();
        }
      }
    });
    thread.on('error', (error) => options.killed(error.message));
    thread.on('exit', () => {
      workers.delete(worker);
      for (const job of worker.jobs.values()) job.settle(null);
      if (!isClosed && workers.size === 0) startWorker();
      keepChecking();
    });
    return { worker, ready: promise };
  }

  function receive(worker: OpenWorker, message: Exclude<FromWorker, { kind: 'ready' }>): void {
    if (message.kind === 'beat') return;
    if (message.kind === 'changes') {
      // A thread that no longer holds a world speaks of an old one.
      if (worker.worlds.has(message.world)) options.changed(message.world, message.changes);
      return;
    }
    const open = worker.jobs.get(message.job);
    const job = open ?? [...latest.values()].find(({ number }) => number === message.job)?.job;
    if (!job) return;
    if (message.kind === 'output') job.output(message.bytes, message.isError);
    else if (message.kind === 'event') job.event(message.event);
    else if (message.kind === 'ask')
      void job
        .ask(message.prompt, message.echo)
        .then((text) => worker.thread.postMessage({ kind: 'answer', ask: message.ask, text } satisfies ToWorker));
    else if (message.kind === 'fetch')
      void job
        .fetch(message.url)
        .then((bytes) =>
          worker.thread.postMessage({ kind: 'fetched', fetch: message.fetch, bytes } satisfies ToWorker),
        );
    else {
      worker.jobs.delete(message.job);
      open?.settle(message.end);
    }
  }

  /** While there are jobs, or a thread too few: a decoy that nobody visits does nothing. */
  function keepChecking(): void {
    if (!isClosed) checking ??= setInterval(check, checkMs);
  }

  function check(): void {
    keepSpare();
    for (const worker of workers) {
      const silentMs = worker.jobs.size > 0 && worker.isReady ? performance.now() - worker.heardAt : 0;
      if (silentMs < options.silentMsMax) continue;
      options.killed(`A shell held its thread for ${Math.round(silentMs)} ms.`);
      worker.isReady = false;
      void worker.thread.terminate();
    }
    if ([...workers].some(({ jobs }) => jobs.size > 0)) return;
    clearInterval(checking);
    checking = undefined;
  }
}
