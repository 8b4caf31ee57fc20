import type { Call, Result } from '../../program.ts';
import { type PythonFault, raise, TooMuch } from './faults.ts';
import type { Expression, Statement } from './nodes.ts';
import type { Scope } from './scope.ts';
import { type Named, PyBuiltIn, PyInstance, type Run, type Value } from './values.ts';

/** What the parts of one running program share. */
export interface Runtime {
  readonly call: Call;
  readonly argv: readonly string[];
  readonly globals: Scope;
  /** The folder that it is in. */
  cwd: string;
  /** The line that runs. */
  line: number;
  /** What an `except` handles now. */
  handled: PythonFault | undefined;
  readonly write: (text: string, isError?: boolean) => void;
  /** Runs a command of the shell. */
  readonly run: (command: string, stdin?: string) => Promise<Result>;
  /** Counts a step. @throws TooMuch */
  readonly step: () => void;
  readonly evaluate: (expression: Expression, scope: Scope) => Promise<Value>;
  readonly execute: (body: readonly Statement[], scope: Scope) => Promise<Ended | undefined>;
  readonly invoke: (callee: Value, args: readonly Value[], named?: Named) => Promise<Value>;
  readonly strOf: (value: Value) => Promise<string>;
  readonly reprOf: (value: Value) => Promise<string>;
  readonly importModule: (path: string) => Value;
}

/** Why a block was left before its end. */
export type Ended = { readonly kind: 'break' | 'continue' } | { readonly kind: 'return'; readonly value: Value };

const stepsMax = 300_000;
const depthMax = 120;

/** What a visitor's program may take: steps in all, and depth, whose excess he may catch as Python lets him. @throws TooMuch */
export function createLimits() {
  let [steps, depth] = [0, 0];
  return {
    step(): void {
      if (++steps > stepsMax) throw new TooMuch();
    },
    async deeper<T>(run: () => Promise<T>): Promise<T> {
      if (++depth > depthMax) {
        depth = 0;
        raise('RecursionError', 'maximum recursion depth exceeded');
      }
      try {
        return await run();
      } finally {
        depth = Math.max(0, depth - 1);
      }
    },
  };
}

/** Functions that are built in, by their names. */
export function builtIns(table: Readonly<Record<string, Run>>): [string, Value][] {
  return Object.entries(table).map(([name, run]) => [name, new PyBuiltIn(name, run)]);
}

/** An argument that must be text. @throws PythonFault */
export function textArgument(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyInstance && typeof value.members.get('\0path') === 'string')
    return String(value.members.get('\0path'));
  return raise('TypeError', 'expected str, bytes or os.PathLike object');
}
