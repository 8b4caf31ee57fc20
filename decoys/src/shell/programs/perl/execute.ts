import type { Calls } from './calls.ts';
import { PerlLeave } from './faults.ts';
import { useModule } from './modules.ts';
import type { Node, Statement } from './nodes.ts';
import type { Places } from './places.ts';
import type { Runtime } from './runtime.ts';
import { cellOf, createScope, declare, leaveScope, type Scope } from './scope.ts';
import { Cell, isTrue, type Scalar } from './values.ts';

/** Runs statements one by one; what the last gives is what the block gives. */
export function createExecutor(runtime: Runtime, places: Places, calls: Calls) {
  return execute;

  async function execute(body: readonly Statement[], scope: Scope, isList = false): Promise<Scalar[]> {
    // Functions are known before the first statement runs.
    for (const statement of body) hoist(statement, scope);
    let values: Scalar[] = [];
    for (const [at, statement] of body.entries()) {
      runtime.step();
      runtime.line = statement.line;
      values = await run(statement, scope, isList && at === body.length - 1);
    }
    return values;
  }

  function hoist(statement: Statement, scope: Scope): void {
    if (statement.kind === 'package') runtime.package = statement.name;
    if (statement.kind === 'define') {
      const name = statement.name.includes('::') ? statement.name : `${runtime.package}::${statement.name}`;
      runtime.subs.set(name, calls.makeSub(statement.name, statement.body, scope));
    }
  }

  async function run(statement: Statement, scope: Scope, isList: boolean): Promise<Scalar[]> {
    switch (statement.kind) {
      case 'expression':
        return isList ? [...(await runtime.list(statement.of, scope))] : [await runtime.scalar(statement.of, scope)];
      case 'if':
        return await runIf(statement, scope, isList);
      case 'while':
        return await runWhile(statement, scope);
      case 'foreach':
        return await runForeach(statement, scope);
      case 'block':
        await withScope(scope, (inner) => turn(statement.body, inner, statement.label));
        return [];
      case 'package':
        runtime.package = statement.name;
        return [];
      case 'use':
        await useModule(runtime, statement.module, statement.args && (await runtime.list(statement.args, scope)));
        return [];
      case 'end':
        runtime.ends.push(() => execute(statement.body, scope));
        return [];
      case 'define':
        return [];
    }
  }

  async function withScope<T>(scope: Scope, work: (inner: Scope) => Promise<T>): Promise<T> {
    const inner = createScope(scope);
    try {
      return await work(inner);
    } finally {
      leaveScope(inner);
    }
  }

  async function runIf(statement: Statement & { kind: 'if' }, scope: Scope, isList: boolean): Promise<Scalar[]> {
    return await withScope(scope, async (inner) => {
      for (const { test, body } of statement.arms) {
        if (isTrue(await runtime.scalar(test, inner)))
          return await withScope(inner, (own) => execute(body, own, isList));
      }
      return statement.otherwise
        ? await withScope(inner, (own) => execute(statement.otherwise ?? [], own, isList))
        : [];
    });
  }

  async function runWhile(statement: Statement & { kind: 'while' }, scope: Scope): Promise<Scalar[]> {
    const { first, step, body, label, isAfter, isUntil } = statement;
    return await withScope(scope, async (inner) => {
      if (first) await runtime.scalar(first, inner);
      const goesOn = async () => statement.test === undefined || (await asked(statement.test, inner)) !== isUntil;
      if (!isAfter && !(await goesOn())) return [];
      do {
        runtime.step();
        if (!(await withScope(inner, (own) => turn(body, own, label)))) break;
        if (step) await runtime.scalar(step, inner);
      } while (await goesOn());
      return [];
    });
  }

  /** `while (<FILE>)` reads into `$_` until there is no line more; so does `while ($line = <FILE>)`. */
  async function asked(test: Node, scope: Scope): Promise<boolean> {
    if (test.kind === 'read-line') {
      const line = await runtime.scalar(test, scope);
      cellOf(scope, '_').value = line;
      return line !== undefined;
    }
    const value = await runtime.scalar(test, scope);
    return isReading(test) ? value !== undefined : isTrue(value);
  }

  async function runForeach(statement: Statement & { kind: 'foreach' }, scope: Scope): Promise<Scalar[]> {
    const { variable, list, body, label, isMy } = statement;
    const only = list.kind === 'list' && list.items.length === 1 ? list.items[0] : list;
    const isArray = only !== undefined && (only.kind === 'array' || (only.kind === 'deref' && only.sigil === '@'));
    const array = isArray ? await places.arrayOf(only, scope) : undefined;
    const values = array ? array.items : [...(await runtime.list(list, scope))];
    const shared = isMy ? undefined : cellOf(scope, variable);
    const old = shared?.value;
    try {
      for (let at = 0; at < values.length; at++) {
        runtime.step();
        const inner = createScope(scope);
        const cell = shared ?? declare(inner, `$${variable}`, new Cell());
        cell.value = values[at];
        const goesOn = await turn(body, inner, label);
        // The variable is the element itself: what it is given stays.
        if (array && array.items === values) values[at] = cell.value;
        leaveScope(inner);
        if (!goesOn) break;
      }
    } finally {
      if (shared) shared.value = old;
    }
    return [];
  }

  /** One turn of a loop. @returns whether another may follow */
  async function turn(body: readonly Statement[], scope: Scope, label: string | undefined): Promise<boolean> {
    try {
      await execute(body, scope);
      return true;
    } catch (error) {
      if (!(error instanceof PerlLeave) || error.how === 'return') throw error;
      if (error.label !== undefined && error.label !== label) throw error;
      return error.how !== 'last';
    }
  }
}

function isReading(test: Node): boolean {
  if (test.kind !== 'assign' || test.to.kind === 'list') return false;
  const { value } = test;
  return value.kind === 'read-line' || (value.kind === 'built-in' && value.name === 'readdir');
}
