import type { Persona } from '@cerberusmesh/contract/persona';
import type { SessionEvents } from '../events/session-events.ts';
import type { World } from '../world/world.ts';
import type { JobEnd } from './messages.ts';
import type { ShellPool } from './pool.ts';
import type { Echo, Visitor } from './program.ts';
import { accountIn } from './programs/world-accounts.ts';
import type { EnteredShell, ShellKind } from './shell-kind.ts';
import type { ShellState } from './shell-memory.ts';

/** What a login gives to all its channels: who he is, where, and what happens to what he does. */
export interface Visit {
  readonly persona: Persona;
  readonly worldKey: string;
  readonly world: World;
  readonly pool: ShellPool;
  readonly events: SessionEvents;
  readonly user: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly localPort: number;
  readonly now: () => number;
  readonly fetch: (url: string) => Promise<Uint8Array | null>;
  /** Takes bytes the visitor may still be sent; false where he had his share. */
  readonly spend: (bytes: number) => boolean;
}

export interface ShellPort {
  readonly write: (bytes: Uint8Array, isError: boolean) => void;
  readonly ask: (prompt: string, echo: Echo) => Promise<string | null>;
}

/** A shell that waits for the end of the one below it. */
interface Above {
  readonly state: ShellState;
  readonly uid: number;
  readonly gid: number;
  readonly history: readonly string[];
  readonly rest: string;
}

const depthMax = 20;
let lastShell = 0;
/** Who is at a terminal, by world and shell. */
const present = new Map<string, Map<number, Visitor>>();

/** One shell of a visit: it has a state from line to line, wherever the lines are run. */
export function openShell(
  visit: Visit,
  terminal: { name: string | null; columns: () => number; rows?: () => number; type?: string },
  port: ShellPort,
  kind: ShellKind,
) {
  const { persona, worldKey, pool, events, user } = visit;
  const account = accountIn(visit, user);
  const number = ++lastShell;
  const sinceMs = visit.now();
  const pid = 20_000 + ((number * 137 + Math.floor(sinceMs / 1000)) % 12_000);
  let state: ShellState = {
    ...{ cwd: account.home, env: loginEnvironment(), functions: {}, status: 0 },
    ...{ kind, lines: 0 },
  };
  if (terminal.name !== null) comeToTerminal(worldKey, number, visitorNow());
  const above: Above[] = [];
  let history: readonly string[] = [];
  let uid = account.uid;
  let gid = account.gid;

  return {
    account,
    state: () => state,
    actor: () => ({ uid, gid }),
    history: () => history,
    run,
    leave,
    depth: () => above.length,
    close() {
      pool.forget(number);
      leaveTerminal(worldKey, number);
    },
  };

  function run(
    line: string,
    stdin: Uint8Array = new Uint8Array(),
    isTyped = true,
  ): { ended: Promise<JobEnd | null>; stop: () => void } {
    if (isTyped && terminal.name && state.kind.program !== 'dash' && line.trim() !== '' && history.at(-1) !== line)
      history = [...history.slice(-999), line];
    const visitor = visitorNow();
    const job = pool.run({
      world: worldKey,
      request: {
        ...{ shell: number, world: worldKey, visitor, uid, gid, line, state, stdin, history },
        others: othersOf(worldKey, number),
      },
      output: (bytes, isError) => {
        if (visit.spend(bytes.length)) port.write(bytes, isError);
      },
      event: ({ eventid, fields, message }) => events.tell(eventid, fields, message),
      ask: port.ask,
      fetch: visit.fetch,
    });
    const ended = job.ended.then((end) => {
      if (end) {
        state = end.state;
        uid = end.uid;
        gid = end.gid;
        history = end.history;
        if (end.entered) enter(end.entered);
      }
      return end;
    });
    return { ended, stop: job.stop };
  }

  function visitorNow(): Visitor {
    return {
      ...{ user, sinceMs, pid },
      ...{ sourceIp: visit.sourceIp, sourcePort: visit.sourcePort, localPort: visit.localPort },
      terminal: terminal.name,
      columns: terminal.columns(),
      rows: terminal.rows?.() ?? 24,
    };
  }

  function enter({ kind, env, cwd, rest, ...actor }: EnteredShell): void {
    if (above.length >= depthMax) return;
    above.push({ state, uid, gid, history, rest });
    history = [];
    const level = String(Number(state.env['SHLVL'] ?? 1) + 1);
    state = { cwd, env: { ...state.env, SHLVL: level, ...env, PWD: cwd }, functions: {}, status: 0, kind, lines: 0 };
    ({ uid, gid } = actor);
  }

  /** Ends the innermost shell. What the line that opened it goes on with, or undefined where it was the login's. */
  function leave(status: number): { kind: ShellKind; rest: string } | undefined {
    const before = above.pop();
    if (!before) return undefined;
    const { kind } = state;
    state = { ...before.state, status };
    ({ uid, gid, history } = before);
    return { kind, rest: before.rest };
  }

  function loginEnvironment(): Record<string, string> {
    const { home, shell } = account;
    const isRouter = persona.os.family === 'busybox';
    const base = {
      SHELL: shell,
      PWD: home,
      LOGNAME: user,
      HOME: home,
      USER: user,
      PATH: isRouter
        ? '/usr/sbin:/usr/bin:/sbin:/bin'
        : account.uid === 0
          ? `/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${persona.os.id === 'ubuntu' ? ':/snap/bin' : ''}`
          : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
      ...(isRouter ? {} : { LANG: 'C.UTF-8', ...sessionOf(account.uid, pid, terminal.name !== null) }),
      SSH_CLIENT: `${visit.sourceIp} ${visit.sourcePort} ${visit.localPort}`,
      SSH_CONNECTION: `${visit.sourceIp} ${visit.sourcePort} ${persona.network.address} ${visit.localPort}`,
      HOSTNAME: persona.hostname,
      ...(persona.bashVersion === '' ? {} : { BASH_VERSION: persona.bashVersion, BASH: '/usr/bin/bash' }),
      SHLVL: '1',
    };
    return terminal.name
      ? { ...base, TERM: terminal.type ?? 'xterm', SSH_TTY: `/dev/${terminal.name}`, PS1: '\\u@\\h:\\w\\$ ' }
      : base;
  }
}

function comeToTerminal(world: string, shell: number, visitor: Visitor): void {
  const here = present.get(world) ?? new Map<number, Visitor>();
  present.set(world, here.set(shell, visitor));
}

function leaveTerminal(world: string, shell: number): void {
  const here = present.get(world);
  here?.delete(shell);
  if (here?.size === 0) present.delete(world);
}

function othersOf(world: string, shell: number): Visitor[] {
  return [...(present.get(world) ?? [])].flatMap(([number, visitor]) => (number === shell ? [] : [visitor]));
}

/** What logind adds to a login's environment. */
function sessionOf(uid: number, pid: number, isAtTerminal: boolean): Record<string, string> {
  return {
    XDG_SESSION_TYPE: 'tty',
    XDG_SESSION_CLASS: 'user',
    XDG_SESSION_ID: String((pid % 90) + 4),
    XDG_RUNTIME_DIR: `/run/user/${uid}`,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=/run/user/${uid}/bus`,
    ...(isAtTerminal ? { MOTD_SHOWN: 'pam' } : {}),
  };
}

export type OpenShell = ReturnType<typeof openShell>;

/** Tells the log what was typed, before it runs. */
export function tellInput(events: SessionEvents, input: string): void {
  events.tell('cowrie.command.input', { input }, `CMD: ${input}`);
}
