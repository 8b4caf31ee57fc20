import { setTimeout as rest } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { DefenseInDepthBox } from 'just-bash';
import { buildImage } from '../persona/build-image.ts';
import { logEntries } from '../persona/log-files.ts';
import { processEntries } from '../persona/process-files.ts';
import { loginProcesses } from '../persona/process-table.ts';
import { createLayer } from '../world/layer.ts';
import type { WorldChange } from '../world/node.ts';
import { createWorld, type World } from '../world/world.ts';
import { dueJobs, isTimetable, timetablesOf } from './cron.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts';
import type { Fetched, Machine, ShellEvent, Visitor } from './program.ts';
import { runCron } from './run-cron.ts';
import { createShellRun, type ShellRun } from './run-line.ts';
import { selfEntries } from './self-entries.ts';
import type { HistoryKept } from './shell-history.ts';
import { loginKind } from './shell-kind.ts';
import { runWarm, warmRun, warmWorld } from './warm-up.ts';

// The listening process starts this file with exactly this.
const setup = workerData as WorkerSetup;
const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');

/** Shells that are kept ready; a shell that was let go is built again from its state, which costs 5 ms. */
const shellsMax = 48;
const beatMs = 50;
/**
 * The warm-up is run again while nobody is here, so that visitors find compiled code. Bounded in time and not in runs: fifty
 * runs came to ten seconds of processor at each start, in the quarter of a minute in which an engine catches up.
 */
const warmingMs = 500;
/** So much longer it rests than it runs: a twentieth of a core. */
const restShare = 20;
const minuteMs = 60_000;

interface OpenWorld {
  readonly world: World;
  readonly isChanged: (path: string) => boolean;
  /** Until when cron has looked. */
  cronMs: number;
  pending: WorldChange[];
}

interface OpenShell {
  readonly world: string;
  readonly run: ShellRun;
  readonly machine: Machine;
  readonly history: string[];
  historyKept?: HistoryKept | undefined;
  readonly actor: { uid: number; gid: number };
  others: readonly Visitor[];
  job: number;
}

// The interpreter hides `Function`, `eval`, `process` and the like while a script runs, by replacing some hundred globals before
// and putting them back after every statement: two thirds of a line's cost. Held once for the thread's life, they stay
// replaced, and what a script may not reach is still told from the context it runs in.
DefenseInDepthBox.getInstance(true).activate();

const image = buildImage(setup.persona, Date.now, setup.hostKeys);
const worlds = new Map<string, OpenWorld>();
const shells = new Map<number, OpenShell>();
const jobs = new Map<number, AbortController>();
const answers = new Map<number, (text: string | null) => void>();
const fetches = new Map<number, (fetched: Fetched) => void>();
let beating: NodeJS.Timeout | undefined;
let lastNumber = 0;
let outbox: FromWorker[] = [];

port.on('message', (message: ToWorker) => receive(message));
void warmUp();
startClock();

/** Silence while there are jobs tells the listening process that one of them holds this thread. */
function beat(): void {
  send({ kind: 'beat' });
  for (const key of worlds.keys()) tellChanges(key);
}

/**
 * What is said within one turn of the event loop goes as one message: a short line's output, changes and end are then one wake-up of the
 * listening thread, and one packet to the visitor.
 */
function send(message: FromWorker): void {
  if (outbox.push(message) === 1) setImmediate(flush);
}

function flush(): void {
  if (outbox.length === 0) return;
  port?.postMessage(outbox satisfies FromWorker[]);
  outbox = [];
}

function receive(message: ToWorker): void {
  switch (message.kind) {
    case 'world':
      openWorld(message.world, message.changes);
      return;
    case 'patch':
      takePatch(message.world, message.changes);
      return;
    case 'run':
      void runJob(message);
      return;
    case 'close':
      forgetShells(message.world);
      worlds.delete(message.world);
      return;
    case 'answer':
      answers.get(message.ask)?.(message.text);
      answers.delete(message.ask);
      return;
    case 'fetched':
      fetches.get(message.fetch)?.(message.bytes ? { kind: 'fetched', bytes: message.bytes } : { kind: 'refused' });
      fetches.delete(message.fetch);
      return;
    case 'stop':
      jobs.get(message.job)?.abort();
      return;
    case 'forget':
      shells.get(message.shell)?.run.close();
      shells.delete(message.shell);
  }
}

/** What cron may have missed began when the timetable was written, or now where there is none. */
function lastTableMs(changes: readonly WorldChange[]): number {
  const written = changes.flatMap(([path, node]) => (node && isTimetable(path) ? [node.mtimeMs] : []));
  return written.length > 0 ? Math.max(...written) : Date.now();
}

/** cron, as long as somebody is there: at each full minute, and once for what was due while nobody was. */
function startClock(): void {
  const untilMinute = minuteMs - (Date.now() % minuteMs);
  setTimeout(() => {
    for (const shell of shells.values()) runTimetables(shell);
    startClock();
  }, untilMinute).unref();
}

function runTimetables({ world: key, machine }: OpenShell): void {
  const open = worlds.get(key);
  if (!open || key === warmWorld) return;
  const [from, to] = [open.cronMs, Date.now()];
  if (Math.floor(from / minuteMs) === Math.floor(to / minuteMs)) return;
  open.cronMs = to;
  const due = dueJobs(timetablesOf(open.world, open.isChanged), from, to);
  if (due.length > 0) void runCron(machine, due).then(() => tellChanges(key));
}

function takePatch(key: string, changes: readonly WorldChange[]): void {
  const open = worlds.get(key);
  if (!open) return;
  const { pending } = open;
  // What came from outside is known outside, and is not told back.
  open.pending = [];
  for (const [path, node] of changes) open.world.put(path, node);
  open.pending = pending;
}

function openWorld(key: string, changes: readonly WorldChange[]): OpenWorld {
  forgetShells(key);
  const layer = createLayer(changes);
  const open: OpenWorld = {
    pending: [],
    cronMs: lastTableMs(changes),
    isChanged: (path) => Boolean(layer.find(path)),
    world: createWorld({
      image,
      layer,
      now: Date.now,
      bytesMax: setup.worldBytesMax,
      changed: (path, node) => open.pending.push([path, node]),
    }),
  };
  worlds.set(key, open);
  return open;
}

function forgetShells(world: string): void {
  for (const [number, shell] of shells) if (shell.world === world) shells.delete(number);
}

async function runJob(message: Extract<ToWorker, { kind: 'run' }>): Promise<void> {
  const { job, line, state, stdin } = message;
  const stopping = new AbortController();
  jobs.set(job, stopping);
  beating ??= setInterval(beat, beatMs);
  const shell = findShell(message);
  shell.job = job;
  try {
    const end = await shell.run.run(line, state, {
      stdin,
      signal: stopping.signal,
      write: (bytes, isError) => send({ kind: 'output', job, bytes, isError }),
    });
    finish(end);
  } catch (error) {
    // A fault of ours or of the interpreter: the visitor sees a program that crashed, and the log has the reason.
    send({
      kind: 'event',
      job,
      event: {
        eventid: 'cerberus.decoy.fault',
        fields: { error: String(error) },
        message: `A line could not be run: ${line.slice(0, 200)}`,
      },
    });
    send({ kind: 'output', job, bytes: Buffer.from('Segmentation fault\n'), isError: true });
    finish({ state: { ...state, status: 139 }, status: 139, isOver: false, isStuck: false });
  }

  function finish(end: Awaited<ReturnType<ShellRun['run']>>): void {
    jobs.delete(job);
    if (jobs.size === 0) {
      clearInterval(beating);
      beating = undefined;
    }
    tellChanges(message.world);
    send({
      kind: 'done',
      job,
      end: {
        ...end,
        uid: shell.actor.uid,
        gid: shell.actor.gid,
        history: shell.history,
        historyKept: shell.historyKept,
      },
    });
    flush();
  }
}

function findShell(message: Extract<ToWorker, { kind: 'run' }>): OpenShell {
  const { shell: key, history, uid, gid } = message;
  const known = shells.get(key);
  const shell = known ?? openShell(message);
  if (!known) runTimetables(shell);
  shells.delete(key);
  shells.set(key, shell);
  for (const oldest of shells.keys()) if (shells.size > shellsMax && oldest !== key) shells.delete(oldest);
  shell.history.splice(0, shell.history.length, ...history);
  shell.historyKept = undefined;
  shell.others = message.others;
  shell.machine.world.show(() => [
    ...momentEntries([...message.others, message.visitor]),
    ...selfEntries(message.state.env, { uid, gid }, Date.now()),
  ]);
  shell.actor.uid = uid;
  shell.actor.gid = gid;
  return shell;
}

/** What the system has to tell of who is logged in: their processes, and their lines in its logs. */
function momentEntries(visitors: readonly Visitor[]) {
  const { persona } = setup;
  return [...processEntries(loginProcesses(persona, visitors), persona), ...logEntries(persona, visitors, Date.now)];
}

function openShell({ world: key, visitor, uid, gid, history }: Extract<ToWorker, { kind: 'run' }>): OpenShell {
  const { world } = worlds.get(key) ?? openWorld(key, []);
  const actor = { uid, gid };
  const lines = [...history];
  const machine: Machine = {
    persona: setup.persona,
    world,
    actor,
    visitor,
    others: () => shell.others,
    history: lines,
    keepHistory: (how) => {
      shell.historyKept = how;
    },
    now: Date.now,
    isAtTerminal: () => false,
    isAtKeyboard: () => false,
    enter: () => undefined,
    shellKind: () => loginKind(setup.persona),
    sayLate(bytes, isError) {
      if (bytes.length > 0) send({ kind: 'output', job: shell.job, bytes, isError });
      tellChanges(key);
    },
    tell: (event: ShellEvent) => send({ kind: 'event', job: shell.job, event }),
    ask: (prompt, echo) =>
      new Promise((resolve) => {
        const ask = ++lastNumber;
        answers.set(ask, resolve);
        send({ kind: 'ask', job: shell.job, ask, prompt, echo });
      }),
    fetch: (url) =>
      new Promise((resolve) => {
        const fetch = ++lastNumber;
        fetches.set(fetch, resolve);
        send({ kind: 'fetch', job: shell.job, fetch, url });
      }),
  };
  const shell: OpenShell = {
    world: key,
    run: createShellRun(machine),
    machine,
    history: lines,
    actor,
    others: [],
    job: 0,
  };
  return shell;
}

function tellChanges(key: string): void {
  const open = worlds.get(key);
  if (!open || open.pending.length === 0) return;
  send({ kind: 'changes', world: key, changes: open.pending });
  open.pending = [];
}

/** The interpreter loads its programs when they are first used; that must not be a visitor's wait. */
async function warmUp(): Promise<void> {
  const kind = loginKind(setup.persona);
  const { run } = openShell({ ...warmRun(kind), kind: 'run' });
  const runOnce = () => runWarm(run, kind);
  await runOnce();
  worlds.delete(warmWorld);
  send({ kind: 'ready' });
  await stayWarm(runOnce);
}

/** Code becomes quick by being run: a line costs a third less than just after the start. */
async function stayWarm(runOnce: () => Promise<void>): Promise<void> {
  let ranMs = 0;
  let lastMs = warmingMs / restShare;
  // Whoever is here does it himself.
  while (ranMs < warmingMs && jobs.size === 0 && shells.size === 0) {
    await rest(lastMs * restShare, undefined, { ref: false });
    const startedMs = performance.now();
    await runOnce();
    lastMs = performance.now() - startedMs;
    ranMs += lastMs;
  }
}
