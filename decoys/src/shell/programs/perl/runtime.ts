import { resolvePath } from '../../../world/paths.ts';
import type { Call, Result } from '../../program.ts';
import { PerlDied, TooMuch } from './faults.ts';
import type { Node, Statement } from './nodes.ts';
import { cellOf, type Scope } from './scope.ts';
import { Errno, type PerlArray, type PerlCode, type PerlHandle, type Scalar, textOf } from './values.ts';

/** What the parts of one running program share. */
export interface Runtime {
  readonly call: Call;
  readonly version: string;
  /** What the program is called: `-e`, or its file. */
  readonly file: string;
  readonly globals: Scope;
  readonly subs: Map<string, PerlCode>;
  readonly handles: Map<string, PerlHandle>;
  /** What `END` asked for. */
  readonly ends: (() => Promise<unknown>)[];
  readonly modules: Set<string>;
  /** What was written to files and not put down yet, by their paths. */
  readonly written: Map<string, () => string>;
  /** The folder that it is in. */
  cwd: string;
  package: string;
  line: number;
  /** What the last pattern that fitted found. */
  found: RegExpMatchArray | undefined;
  /** The handle that `print` goes to. */
  selected: string;
  /** The last handle that was read, which faults name. */
  lastRead: PerlHandle | undefined;
  readonly write: (text: string, isError?: boolean) => void;
  /** Puts down what was written to files, before others look at them. */
  readonly flush: () => void;
  readonly run: (command: string, stdin?: string) => Promise<Result>;
  /** What `$@` says of a fault; undefined where it is none of the program's. */
  readonly faultText: (error: unknown) => string | undefined;
  readonly step: () => void;
  readonly deeper: <T>(run: () => Promise<T>) => Promise<T>;
  readonly scalar: (node: Node, scope: Scope) => Promise<Scalar>;
  readonly list: (node: Node, scope: Scope) => Promise<Scalar[]>;
  /** Statement by statement. @returns the value of the last */
  readonly execute: (body: readonly Statement[], scope: Scope, isList?: boolean) => Promise<Scalar[]>;
  /** Whether the function that runs was asked for a list. */
  readonly isListWanted: () => boolean;
  readonly invoke: (code: PerlCode, args: PerlArray, isList: boolean) => Promise<Scalar[]>;
}

const stepsMax = 300_000;
/** Of the interpreter's own stack each call takes some frames. */
const depthMax = 150;

export function createLimits() {
  let [steps, depth] = [0, 0];
  return {
    step(): void {
      if (++steps > stepsMax) throw new TooMuch();
    },
    async deeper<T>(run: () => Promise<T>): Promise<T> {
      if (++depth > depthMax) throw new TooMuch();
      try {
        return await run();
      } finally {
        depth--;
      }
    },
  };
}

/** ` at -e line 1.`, as a fault goes on that does not end in a line's end. */
export function whereOf({ file, line, lastRead }: Runtime): string {
  const read = lastRead && lastRead.lines > 0 ? `, <${lastRead.name}> line ${lastRead.lines}` : '';
  return ` at ${file} line ${line}${read}.\n`;
}

/** @throws PerlDied */
export function die(runtime: Runtime, message: string): never {
  throw new PerlDied(`${message}${whereOf(runtime)}`);
}

const errors: Readonly<Record<string, readonly [number, string]>> = {
  EPERM: [1, 'Operation not permitted'],
  ENOENT: [2, 'No such file or directory'],
  ESRCH: [3, 'No such process'],
  EBADF: [9, 'Bad file descriptor'],
  ECHILD: [10, 'No child processes'],
  EACCES: [13, 'Permission denied'],
  EEXIST: [17, 'File exists'],
  ENOTDIR: [20, 'Not a directory'],
  EISDIR: [21, 'Is a directory'],
  EINVAL: [22, 'Invalid argument'],
  ENOSPC: [28, 'No space left on device'],
  ENOTEMPTY: [39, 'Directory not empty'],
  ELOOP: [40, 'Too many levels of symbolic links'],
  ECONNREFUSED: [111, 'Connection refused'],
  EHOSTUNREACH: [113, 'No route to host'],
};

/** Sets `$!`; a call that failed gives nothing. */
export function failWith({ globals }: Runtime, code: string): undefined {
  const [number, text] = (Object.hasOwn(errors, code) ? errors[code] : undefined) ?? [5, 'Input/output error'];
  cellOf(globals, '!').value = new Errno(number, text);
  return undefined;
}

export function errnoOf({ globals }: Runtime): number {
  const { value } = cellOf(globals, '!');
  return value instanceof Errno ? value.number : Number(value ?? 0);
}

export function errorText(number: number): string {
  return (
    Object.values(errors).find(([each]) => each === number)?.[1] ?? (number === 0 ? '' : `Unknown error ${number}`)
  );
}

/** A path as the program names it, from the folder that it is in. */
export function pathOf({ cwd }: Runtime, name: Scalar): string {
  return resolvePath(cwd, Buffer.from(textOf(name), 'latin1').toString('utf8'));
}
