import type { Persona } from '@cerberusmesh/contract/persona';
import type { CommandContext, ExecResult } from 'just-bash';
import type { Actor, World } from '../world/world.ts';
import type { Background } from './background.ts';
import type { HistoryKept } from './shell-history.ts';
import type { EnteredShell, ShellKind } from './shell-kind.ts';

/** What happened in a shell that the log tells: an event id of Cowrie's with the fields it promises. */
export interface ShellEvent {
  readonly eventid: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
  readonly message: string;
}

/** Whether a line is shown while it is typed; `keys` asks for no line but for what the keys send, as it comes. */
export type Echo = boolean | 'keys';

/** What a program can know and do besides reading its arguments. */
export interface Machine {
  readonly persona: Persona;
  readonly world: World;
  readonly actor: Actor;
  readonly visitor: Visitor;
  /** Who else is at a terminal of this machine, as far as this visitor's world goes. */
  readonly others: () => readonly Visitor[];
  readonly now: () => number;
  readonly tell: (event: ShellEvent) => void;
  /** Asks the person at the terminal; null where there is none, or he pressed Ctrl-C or Ctrl-D. */
  readonly ask: (prompt: string, echo: Echo) => Promise<string | null>;
  /** Whether what runs now writes to the terminal and not into a pipe or file, as far as can be told beforehand. */
  readonly isAtTerminal: () => boolean;
  /** Whether what runs now has the keyboard as its standard input, as far as can be told beforehand. */
  readonly isAtKeyboard: () => boolean;
  /** What goes on behind the prompt of this shell. */
  readonly background?: Background;
  /** Says something after its line has ended. */
  readonly sayLate?: (bytes: Buffer, isError: boolean) => void;
  readonly shellKind: () => ShellKind;
  /** The visitor goes on in a shell below this one, once the statement has ended. */
  readonly enter: (shell: Omit<EnteredShell, 'rest'>) => void;
  /** Lines typed so far in this shell, oldest first. */
  readonly history: string[];
  /** Tells the shell that its list was written to its file, or is to be added to it. */
  readonly keepHistory?: (how: HistoryKept) => void;
  /** Fetches what a URL names where policy allows it; by default nothing ever leaves. */
  readonly fetch: (url: string) => Promise<Fetched>;
}

export type Fetched = { readonly kind: 'refused' } | { readonly kind: 'fetched'; readonly bytes: Uint8Array };

/** Who is at the other end of the shell. */
export interface Visitor {
  readonly user: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly localPort: number;
  /** `pts/0`, or null without a terminal. */
  readonly terminal: string | null;
  readonly columns: number;
  readonly rows?: number;
  readonly sinceMs: number;
  readonly pid: number;
}

export interface Call {
  readonly args: readonly string[];
  readonly shell: CommandContext;
  readonly machine: Machine;
  /** Standard input as text. */
  readonly stdin: () => string;
  /** The name it was called by. */
  readonly name: string;
}

export type Result = Partial<Pick<ExecResult, 'stdout' | 'stderr' | 'exitCode' | 'stdoutKind'>>;
/** What a program gives that leaves the work to the interpreter's tool of the same name, whose result is passed on as it is. */
export const interpretersOwn: Result = {};
export type Program = (call: Call) => Result | Promise<Result>;
export type Programs = Readonly<Record<string, Program>>;

export function say(stdout: string): Result {
  return { stdout };
}

/** Output that is bytes, one character each. */
export function sayBytes(bytes: Buffer): Result {
  return { stdout: bytes.toString('latin1'), stdoutKind: 'bytes' };
}

export function fail(stderr: string, exitCode = 1): Result {
  return { stderr, exitCode };
}

/** Splits `-la --color file` as most programs do. `takes` names the options that have a value. */
export function readOptions(args: readonly string[], takes = ''): { flags: Map<string, string>; rest: string[] } {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(index + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split(/=(.*)/s);
      flags.set(name, value ?? '');
    } else if (arg.startsWith('-') && arg.length > 1) {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? '';
        if (!takes.includes(letter)) flags.set(letter, '');
        else {
          flags.set(letter, arg.slice(at + 1) || (args[++index] ?? ''));
          break;
        }
      }
    } else rest.push(arg);
  }
  return { flags, rest };
}
