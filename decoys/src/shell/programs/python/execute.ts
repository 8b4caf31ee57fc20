import { attributeOf } from './attributes.ts';
import { exceptionOf, makeException, PythonFault, raise } from './faults.ts';
import type { Expression, Handler, Statement } from './nodes.ts';
import { combine, itemsOf } from './operators.ts';
import type { Ended, Runtime } from './runtime.ts';
import { assign, createScope, type Scope } from './scope.ts';
import { assignTo, deleteTarget } from './targets.ts';
import {
  findMember,
  isSubclass,
  isTrue,
  PyClass,
  PyFunction,
  PyInstance,
  PyList,
  PyModule,
  PyTuple,
  type Value,
} from './values.ts';

/** @throws PythonFault, TooMuch */
export function createExecutor(runtime: Runtime, shown?: (value: Value) => Promise<void>) {
  return execute;

  async function execute(body: readonly Statement[], scope: Scope): Promise<Ended | undefined> {
    for (const statement of body) {
      runtime.step();
      runtime.line = statement.line;
      const ended = await executeOne(statement, scope);
      if (ended) return ended;
    }
    return undefined;
  }

  async function executeOne(node: Statement, scope: Scope): Promise<Ended | undefined> {
    switch (node.kind) {
      case 'expression': {
        const value = await runtime.evaluate(node.value, scope);
        if (scope === runtime.globals) await shown?.(value);
        return undefined;
      }
      case 'assign': {
        const value = await runtime.evaluate(node.value, scope);
        for (const target of node.targets) await assignTo(runtime, target, value, scope);
        return undefined;
      }
      case 'change':
        await change(node, scope);
        return undefined;
      case 'import':
        for (const { path, as } of node.names) importOne(path, as, scope);
        return undefined;
      case 'from':
        importFrom(node, scope);
        return undefined;
      case 'if':
        return await execute(isTrue(await runtime.evaluate(node.test, scope)) ? node.body : node.otherwise, scope);
      case 'while':
        return await whileLoop(node, scope);
      case 'for':
        return await forLoop(node, scope);
      case 'def':
        await define(node, scope);
        return undefined;
      case 'class':
        await defineClass(node, scope);
        return undefined;
      case 'return':
        return { kind: 'return', value: node.value ? await runtime.evaluate(node.value, scope) : null };
      case 'raise':
        return await raiseValue(node.value, scope);
      case 'try':
        return await tryBlock(node, scope);
      case 'with':
        return await withBlock(node, scope);
      case 'global':
        for (const name of node.names) scope.foreign.add(name);
        return undefined;
      case 'del':
        for (const target of node.targets) await deleteTarget(runtime, target, scope);
        return undefined;
      case 'assert':
        if (!isTrue(await runtime.evaluate(node.test, scope)))
          raise('AssertionError', node.message ? await runtime.strOf(await runtime.evaluate(node.message, scope)) : '');
        return undefined;
      case 'break':
      case 'continue':
        return { kind: node.kind };
      case 'pass':
        return undefined;
    }
  }

  async function change(node: Extract<Statement, { kind: 'change' }>, scope: Scope): Promise<void> {
    const old = await runtime.evaluate(node.target, scope);
    const value = await runtime.evaluate(node.value, scope);
    if (old instanceof PyList && node.sign === '+') {
      old.items.push(...itemsOf(value));
      return;
    }
    await assignTo(runtime, node.target, combine(node.sign, old, value), scope);
  }

  function importOne(path: string, as: string | undefined, scope: Scope): void {
    const found = runtime.importModule(path);
    const [first = path] = path.split('.');
    assign(scope, as ?? first, as === undefined && first !== path ? runtime.importModule(first) : found);
  }

  function importFrom({ path, names }: Extract<Statement, { kind: 'from' }>, scope: Scope): void {
    const found = runtime.importModule(path);
    if (!(found instanceof PyModule)) return;
    for (const { name, as } of names) {
      if (name === '*') for (const [each, value] of found.members) assign(scope, each, value);
      else assign(scope, as, memberOf(found, path, name));
    }
  }

  function memberOf(found: PyModule, path: string, name: string): Value {
    try {
      return attributeOf(runtime, found, name);
    } catch (error) {
      if (!(error instanceof PythonFault)) throw error;
      return raise(
        'ImportError',
        `cannot import name '${name}' from '${path}' (/usr/lib/python3.11/${path.replaceAll('.', '/')}.py)`,
      );
    }
  }

  async function whileLoop(
    { test, body, otherwise }: Extract<Statement, { kind: 'while' }>,
    scope: Scope,
  ): Promise<Ended | undefined> {
    while (isTrue(await runtime.evaluate(test, scope))) {
      const ended = await execute(body, scope);
      if (ended?.kind === 'break') return undefined;
      if (ended?.kind === 'return') return ended;
    }
    return await execute(otherwise, scope);
  }

  async function forLoop(node: Extract<Statement, { kind: 'for' }>, scope: Scope): Promise<Ended | undefined> {
    for (const item of itemsOf(await runtime.evaluate(node.source, scope))) {
      runtime.step();
      await assignTo(runtime, node.target, item, scope);
      const ended = await execute(node.body, scope);
      if (ended?.kind === 'break') return undefined;
      if (ended?.kind === 'return') return ended;
    }
    return await execute(node.otherwise, scope);
  }

  async function define({ definition, decorators }: Extract<Statement, { kind: 'def' }>, scope: Scope): Promise<void> {
    const { name, parameters } = definition;
    const defaults = new Map<string, Value>();
    for (const { name: each, otherwise } of parameters)
      if (otherwise) defaults.set(each, await runtime.evaluate(otherwise, scope));
    let made: Value = new PyFunction({ name, parameters, defaults, body: definition, scope });
    for (const decorator of [...decorators].reverse())
      made = await runtime.invoke(await runtime.evaluate(decorator, scope), [made]);
    assign(scope, name, made);
  }

  async function defineClass(
    { name, bases, body }: Extract<Statement, { kind: 'class' }>,
    scope: Scope,
  ): Promise<void> {
    const parents: PyClass[] = [];
    for (const base of bases) {
      const parent = await runtime.evaluate(base, scope);
      if (parent instanceof PyClass) parents.push(parent);
    }
    const inner = createScope(scope, true);
    await execute(body, inner);
    assign(scope, name, new PyClass(name, parents, new Map([['__module__', '__main__'], ...inner.names])));
  }

  async function raiseValue(node: Expression | undefined, scope: Scope): Promise<never> {
    if (!node)
      throw (
        runtime.handled ??
        new PythonFault(makeException(exceptionOf('RuntimeError'), ['No active exception to reraise']))
      );
    const value = await runtime.evaluate(node, scope);
    const made = value instanceof PyClass ? await runtime.invoke(value, []) : value;
    if (made instanceof PyInstance && isSubclass(made.type, exceptionOf('BaseException'))) throw new PythonFault(made);
    return raise('TypeError', 'exceptions must derive from BaseException');
  }

  async function tryBlock(node: Extract<Statement, { kind: 'try' }>, scope: Scope): Promise<Ended | undefined> {
    let ended: Ended | undefined;
    try {
      ended = await guarded(node, scope);
    } finally {
      const last = await execute(node.last, scope);
      // `return` in a `finally` takes the place of what was before it.
      if (last) ended = last;
    }
    return ended;
  }

  async function guarded(
    { body, handlers, otherwise }: Extract<Statement, { kind: 'try' }>,
    scope: Scope,
  ): Promise<Ended | undefined> {
    try {
      const ended = await execute(body, scope);
      return ended ?? (await execute(otherwise, scope));
    } catch (error) {
      if (!(error instanceof PythonFault)) throw error;
      for (const handler of handlers)
        if (await catches(handler, error, scope)) return await handle(handler, error, scope);
      throw error;
    }
  }

  async function catches({ type }: Handler, fault: PythonFault, scope: Scope): Promise<boolean> {
    if (!type) return true;
    const value = await runtime.evaluate(type, scope);
    const types = value instanceof PyTuple ? value.items : [value];
    return types.some((each) => each instanceof PyClass && isSubclass(fault.value.type, each));
  }

  async function handle({ name, body }: Handler, fault: PythonFault, scope: Scope): Promise<Ended | undefined> {
    if (name !== undefined) assign(scope, name, fault.value);
    const outer = runtime.handled;
    runtime.handled = fault;
    try {
      return await execute(body, scope);
    } finally {
      runtime.handled = outer;
    }
  }

  async function withBlock(
    { items, body }: Extract<Statement, { kind: 'with' }>,
    scope: Scope,
  ): Promise<Ended | undefined> {
    const open: Value[] = [];
    for (const { value: node, target } of items) {
      const value = await runtime.evaluate(node, scope);
      open.push(value);
      const enter = value instanceof PyInstance ? findMember(value.type, '__enter__') : undefined;
      const entered = enter === undefined ? value : await runtime.invoke(enter, [value]);
      if (target) await assignTo(runtime, target, entered, scope);
    }
    try {
      return await execute(body, scope);
    } finally {
      for (const value of open.reverse()) {
        const exit =
          value instanceof PyInstance ? (findMember(value.type, '__exit__') ?? value.members.get('close')) : undefined;
        if (value instanceof PyInstance && exit !== undefined)
          await runtime.invoke(exit, value.members.has('close') ? [] : [value, null, null, null]);
      }
    }
  }
}
