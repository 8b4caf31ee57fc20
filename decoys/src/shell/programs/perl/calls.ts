import { PerlDied, PerlLeave, PerlSyntax } from './faults.ts';
import { callModule } from './modules.ts';
import type { Node, Statement } from './nodes.ts';
import { die, type Runtime, whereOf } from './runtime.ts';
import { arrayIn, cellOf, createScope, declare, leaveScope, type Scope } from './scope.ts';
import { isReference, PerlArray, PerlCode, PerlHandle, type Scalar, textOf } from './values.ts';

export type Calls = ReturnType<typeof createCalls>;

/** Functions of the program's and of modules, methods, and what `eval` catches. */
export function createCalls(runtime: Runtime) {
  /** Whether each function that runs was asked for a list, innermost last. */
  const wanted: boolean[] = [];
  return { call, callCode, callMethod, codeNamed, makeSub, guarded, invoke, isListWanted: () => wanted.at(-1) ?? true };

  function makeSub(name: string, body: readonly Statement[], outer: Scope): PerlCode {
    return new PerlCode(name, async (args, isList) => {
      const scope = createScope(outer);
      declare(scope, '@_', args);
      wanted.push(isList);
      try {
        return await runtime.execute(body, scope, isList);
      } catch (error) {
        if (error instanceof PerlLeave && error.how === 'return') return error.values;
        throw error;
      } finally {
        wanted.pop();
        leaveScope(scope);
      }
    });
  }

  async function invoke(code: PerlCode, args: PerlArray, isList: boolean): Promise<Scalar[]> {
    const { line } = runtime;
    const values = await runtime.deeper(() => code.run(args, isList));
    runtime.line = line;
    return values;
  }

  function codeNamed(name: string): PerlCode | undefined {
    const bare = name.replace(/^main::/, '').replace(/^::/, '');
    return (
      runtime.subs.get(bare.includes('::') ? bare : `${runtime.package}::${bare}`) ?? runtime.subs.get(`main::${bare}`)
    );
  }

  async function call(node: Node & { kind: 'call' }, scope: Scope, isList: boolean): Promise<Scalar[]> {
    // A bare word is a call where there is such a function, else a text.
    const isBare = node.name.endsWith('\0');
    const name = isBare ? node.name.slice(0, -1) : node.name;
    const code = codeNamed(name);
    const args = await runtime.list({ kind: 'list', items: node.args }, scope);
    if (code) return await invoke(code, new PerlArray([...args]), isList);
    const given = await callModule(runtime, name, args, isList);
    if (given !== undefined) return given;
    if (isBare) return [name];
    const full = name.includes('::') ? name : `${runtime.package}::${name}`;
    return die(runtime, `Undefined subroutine &${full} called`);
  }

  async function callCode(node: Node & { kind: 'call-code' }, scope: Scope, isList: boolean): Promise<Scalar[]> {
    const code = await runtime.scalar(node.code, scope);
    const args = await runtime.list({ kind: 'list', items: node.args }, scope);
    const found = code instanceof PerlCode ? code : typeof code === 'string' ? codeNamed(code) : undefined;
    if (!found)
      return die(
        runtime,
        isReference(code) ? 'Not a CODE reference' : `Undefined subroutine &main::${textOf(code)} called`,
      );
    return await invoke(found, new PerlArray([...args]), isList);
  }

  async function callMethod(
    { of, name, args }: Node & { kind: 'method' },
    scope: Scope,
    isList: boolean,
  ): Promise<Scalar[]> {
    const object = await runtime.scalar(of, scope);
    const given = await runtime.list({ kind: 'list', items: args }, scope);
    const asked = typeof name === 'string' ? name : await runtime.scalar(name, scope);
    if (asked instanceof PerlCode) return await invoke(asked, new PerlArray([object, ...given]), isList);
    const method = textOf(asked);
    const type = isReference(object) && !('source' in object) ? object.blessed : undefined;
    const start = type ?? (typeof object === 'string' ? object : '');
    const code = method.startsWith('SUPER::')
      ? inherited(runtime.package, method.slice(7), true)
      : inherited(start, method);
    if (code) return await invoke(code, new PerlArray([object, ...given]), isList);
    const own = await callModule(
      runtime,
      `${object instanceof PerlHandle ? 'IO::Handle' : start}->${method}`,
      [object, ...given],
      isList,
    );
    if (own !== undefined) return own;
    if (method === 'can') return [inherited(start, textOf(given[0]))];
    if (method === 'isa') return [start === textOf(given[0]) ? 1 : ''];
    if (object === undefined) return die(runtime, `Can't call method "${method}" on an undefined value`);
    if (isReference(object) && type === undefined)
      return die(runtime, `Can't call method "${method}" on unblessed reference`);
    const hint = runtime.modules.has(start) ? '' : ` (perhaps you forgot to load "${start}"?)`;
    return die(runtime, `Can't locate object method "${method}" via package "${start}"${hint}`);
  }

  /** A method of a package, or of those that it says it is. */
  function inherited(type: string, method: string, isAbove = false, depth = 0): PerlCode | undefined {
    const own = isAbove ? undefined : runtime.subs.get(`${type}::${method}`);
    if (own || depth > 20) return own;
    for (const above of arrayIn(runtime.globals, `${type}::ISA`).items) {
      const found = inherited(textOf(above), method, false, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  /** `eval`: what it dies of is in `$@`. */
  async function guarded(run: () => Promise<Scalar[]>): Promise<Scalar[]> {
    const fault = cellOf(runtime.globals, '@');
    try {
      const values = await run();
      fault.value = '';
      return values;
    } catch (error) {
      if (error instanceof PerlDied) fault.value = error.value;
      else if (error instanceof PerlSyntax)
        fault.value = `syntax error${whereOf(runtime).replace(/\.\n$/, '')}, ${error.message}\n`;
      else throw error;
      return [];
    }
  }
}
