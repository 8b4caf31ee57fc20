import { fileFunctions } from './file-functions.ts';
import { listFunctions } from './list-functions.ts';
import type { Node } from './nodes.ts';
import type { Places } from './places.ts';
import { die, type Runtime } from './runtime.ts';
import type { Scope } from './scope.ts';
import { socketFunctions } from './socket-functions.ts';
import { systemFunctions } from './system-functions.ts';
import { textFunctions } from './text-functions.ts';
import type { Scalar } from './values.ts';

/** A call of a function that is built in: its words are not evaluated yet, since some are names of containers. */
export interface BuiltInCall {
  readonly runtime: Runtime;
  readonly places: Places;
  readonly args: readonly Node[];
  readonly scope: Scope;
  readonly isList: boolean;
  /** All its words, as one list. */
  readonly values: () => Promise<Scalar[]>;
  /** One of its words, or `$_` where the first is left out. */
  readonly value: (at?: number) => Promise<Scalar>;
}

export type BuiltIn = (call: BuiltInCall) => Promise<Scalar | Scalar[]> | Scalar | Scalar[];
export type BuiltIns = Readonly<Record<string, BuiltIn>>;

const all: BuiltIns = {
  ...textFunctions,
  ...listFunctions,
  ...fileFunctions,
  ...systemFunctions,
  ...socketFunctions,
};

const topic: Node = { kind: 'scalar', name: '_' };

export function createBuiltIns(runtime: Runtime, places: Places) {
  return async function builtIn(
    { name, args }: Node & { kind: 'built-in' },
    scope: Scope,
    isList: boolean,
  ): Promise<Scalar[]> {
    const run = Object.hasOwn(all, name) ? all[name] : undefined;
    if (!run) return die(runtime, `Unsupported function ${name} called`);
    const given = await run({
      ...{ runtime, places, args, scope, isList },
      values: async () => [...(await runtime.list({ kind: 'list', items: args }, scope))],
      value: async (at = 0) =>
        await runtime.scalar(args[at] ?? (at === 0 ? topic : { kind: 'list', items: [] }), scope),
    });
    return Array.isArray(given) ? given : [given];
  };
}
