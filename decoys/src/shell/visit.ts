import type { Persona } from '@cerberusmesh/contract/persona';
import type { SessionEvents } from '../events/session-events.ts';
import type { World } from '../world/world.ts';
import { lastLoginOf, writeLogin } from './login-log.ts';
import type { JobEnd } from './messages.ts';
import type { ShellPool } from './pool.ts';
import type { Echo, Visitor } from './program.ts';
import { accountIn } from './programs/world-accounts.ts';
import { createShellHistory, type ShellHistory } from './shell-history.ts';
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
  /** Called once when he goes, as long as his world is still his. */
  readonly onLeaving: (leave: () => void) => void;
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
  readonly history: ShellHistory;
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
  const above: Above[] = [];
  let uid = account.uid;
  let gid = account.gid;
  let history = createShellHistory(visit.world, kind, historyOwner());
  let isOpen = true;
  const lastLogin = terminal.name === null ? undefined : lastLoginOf(visit.world, account);
  const logOut = terminal.name === null ? undefined : comeToTerminal(terminal.name);
  if (terminal.name !== null) visit.onLeaving(close);

  return {
    account,
    state: () => state,
    actor: () => ({ uid, gid }),
    history: () => history.lines(),
    run,
    leave,
    depth: () => above.length,
    /** When this user was here before, at a terminal. */
    lastLogin: () => lastLogin,
    close,
  };

  /** However he goes: by `exit`, or because the line is cut, of which bash hears by a hang-up. */
  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    pool.forget(number);
    if (terminal.name === null) return;
    while (above.length > 0) leave(0);
    history.end(historyOwner());
    logOut?.();
    leaveTerminal(worldKey, number);
  }

  function comeToTerminal(name: string): (() => void) | undefined {
    markPresent(worldKey, number, visitorNow());
    const { sourceIp: host } = visit;
    const login = { pid, line: name, user, host, atMs: sinceMs, uid: account.uid };
    return persona.os.family === 'busybox' ? undefined : writeLogin(visit.world, login);
  }

  function historyOwner() {
    return { env: state.env, cwd: state.cwd, actor: { uid, gid } };
  }

  function run(
    line: string,
    stdin: Uint8Array = new Uint8Array(),
    isTyped = true,
  ): { ended: Promise<JobEnd | null>; stop: () => void } {
    if (isTyped && terminal.name) history.remember(line, state.env);
    const visitor = visitorNow();
    const job = pool.run({
      world: worldKey,
      request: {
        ...{ shell: number, world: worldKey, visitor, uid, gid, line, state, stdin, history: history.lines() },
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
        history.heed(end.history, end.historyKept, historyOwner());
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
    const level = String(Number(state.env['SHLVL'] ?? 1) + 1);
    const { HOME: home = '/', HISTFILE: file } = { ...state.env, ...env };
    // Who becomes another has that one's file, but for a file that was named.
    const own = file === `${state.env['HOME']}/.bash_history` ? { HISTFILE: `${home}/.bash_history` } : {};
    state = {
      cwd,
      env: { ...state.env, SHLVL: level, ...env, ...own, PWD: cwd },
      functions: {},
      status: 0,
      kind,
      lines: 0,
    };
    ({ uid, gid } = actor);
    history = createShellHistory(visit.world, kind, historyOwner());
  }

  /** Ends the innermost shell. What the line that opened it goes on with, or undefined where it was the login's. */
  function leave(status: number): { kind: ShellKind; rest: string } | undefined {
    const before = above.pop();
    if (!before) return undefined;
    history.end(historyOwner());
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
      ? {
          ...{ ...base, TERM: terminal.type ?? 'xterm', SSH_TTY: `/dev/${terminal.name}`, PS1: '\\u@\\h:\\w\\$ ' },
          ...(isRouter ? {} : historyVariables(home)),
        }
      : base;
  }
}

/** bash's own at a terminal: no program is told them. */
function historyVariables(home: string): Record<string, string> {
  return { HISTFILE: `${home}/.bash_history`, HISTSIZE: '1000', HISTFILESIZE: '2000' };
}

function markPresent(world: string, shell: number, visitor: Visitor): void {
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
