import type { Persona } from '@cerberusmesh/contract/persona';

/** Which shell a visitor talks to. It decides the prompt and the words of its faults. */
export interface ShellKind {
  readonly program: 'bash' | 'dash' | 'ash';
  /** What it was called by; `sh` is dash on Debian, and ash of busybox on a router. */
  readonly calledAs: string;
  readonly isLogin: boolean;
}

/** A shell below the one before, as `sh`, `su` or `sudo -i` open one: it lasts until its `exit`. */
export interface EnteredShell {
  readonly kind: ShellKind;
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
  /** Variables that it has besides those of the shell above. */
  readonly env: Readonly<Record<string, string>>;
  /** What it says before its first prompt. */
  readonly banner: string;
  /** What the line that opened it goes on with once it has ended. */
  readonly rest: string;
}

/** What a login comes to. */
export function loginKind({ os }: Persona): ShellKind {
  const program = os.family === 'busybox' ? 'ash' : 'bash';
  return { program, calledAs: program, isLogin: true };
}

const debianShells: Readonly<Record<string, ShellKind['program']>> = {
  sh: 'dash',
  dash: 'dash',
  bash: 'bash',
  rbash: 'bash',
};

/** The shell that a program's name opens there; `isApplet` where busybox was asked for it. */
export function kindOf(calledAs: string, { os }: Persona, isApplet: boolean, isLogin: boolean): ShellKind {
  const program = os.family === 'busybox' || isApplet ? 'ash' : (debianShells[calledAs] ?? 'bash');
  return { program, calledAs, isLogin };
}

/** PS1 of a shell that nobody gave one; a bash has it from its start files. */
export function ownPrompt({ program }: ShellKind, { os }: Persona, uid: number): Record<string, string> {
  if (program === 'dash') return { PS1: uid === 0 ? '# ' : '$ ' };
  return { PS1: program === 'ash' && os.family !== 'busybox' ? '\\w \\$ ' : '\\u@\\h:\\w\\$ ' };
}

/** How the shell begins a fault of its own. `line` counts from 1 within a script. */
export function faultHead({ program, calledAs, isLogin }: ShellKind, isTerminal: boolean, line: number): string {
  const name = isLogin ? `-${calledAs}` : calledAs;
  if (program === 'dash') return `${name}: ${line}: `;
  return program === 'bash' && !isTerminal ? `${name}: line ${line}: ` : `${name}: `;
}

/** What bash says of a fault, in the words of the shell that is asked. */
export function inWordsOf({ program }: ShellKind, said: string): string {
  if (program === 'bash') return said;
  const bare = said.replace(/: command not found$/, ': not found');
  const [, path = '', why = ''] = /^(.+): (No such file or directory|Is a directory)$/.exec(bare) ?? [];
  if (path === '') return bare;
  if (why === 'Is a directory')
    return program === 'dash' ? `cannot create ${path}: ${why}` : `can't create ${path}: ${why}`;
  return /^\.{0,2}\//.test(path) ? `${path}: not found` : bare;
}
