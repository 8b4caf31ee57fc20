import { parse, type ScriptNode, type TransformContext, type WordNode } from 'just-bash';

/**
 * What the interpreter reads otherwise than bash does, put so that it does the same. Seen in 3.4.2: `((n>=3))` without blanks is a fault;
 * `"$@"` and `"${array[@]}"` in a command's place are one word; functions are unknown within `$(( $(f) ))`; `${name:?why}` does not tell the
 * name; `declare -f` is silent; `trap … EXIT` does not exist.
 */
export const mendScript = {
  name: 'mend-script',
  transform: ({ ast }: TransformContext): { ast: ScriptNode } => {
    const seen = { trap: false };
    mendAll(ast, seen);
    return { ast: seen.trap ? withExitTrap(ast) : ast };
  },
};

type Plain = Record<string, unknown>;

function mendAll(node: unknown, seen: { trap: boolean }): void {
  if (Array.isArray(node)) {
    for (const each of node) mendAll(each, seen);
    return;
  }
  if (!isPlain(node)) return;
  switch (node['type']) {
    case 'Pipeline':
      mendDeclare(node);
      break;
    case 'SimpleCommand':
      mendCommandWord(node);
      seen.trap ||= isExitTrap(node);
      break;
    case 'ArithmeticExpression':
      mendComparison(node);
      break;
    case 'ArithmeticExpansion':
      mendNestedCall(node);
      break;
    case 'ParameterExpansion':
      mendUnset(node);
  }
  for (const each of Object.values(node)) if (typeof each === 'object') mendAll(each, seen);
}

/** A command that is all of the arguments, or of an array: its first, and the others as its arguments. */
function mendCommandWord(command: Plain): void {
  const [part, more] = partsOf(command['name']);
  if (more !== undefined || !isPlain(part)) return;
  const quoted = part['type'] === 'DoubleQuoted' && Array.isArray(part['parts']) ? part['parts'] : undefined;
  const [inner, another] = quoted ?? [part];
  if (another !== undefined || !isPlain(inner) || inner['type'] !== 'ParameterExpansion' || inner['operation']) return;
  const all = String(inner['parameter']);
  const array = /^(\w+)\[[@*]\]$/.exec(all)?.[1];
  if (all !== '@' && all !== '*' && array === undefined) return;
  const texts = array === undefined ? ['$1', `\${@:2}`] : [`\${${array}[0]}`, `\${${array}[@]:1}`];
  const [first, rest] = texts.map((text) => wordOf(quoted ? `"${text}"` : text));
  command['name'] = first;
  command['args'] = [rest, ...(Array.isArray(command['args']) ? command['args'] : [])];
}

/** `n>=3` is read as `n > =3`. */
function mendComparison(expression: Plain): void {
  const text = String(expression['originalText'] ?? '');
  const { expression: read } = expression;
  if (!/[<>] +=/.test(text) || !isPlain(read) || read['type'] !== 'ArithSyntaxError') return;
  const [mended] = parse(`((${text.replace(/([<>]) +=/g, ' $1= ')}))`).statements[0]?.pipelines[0]?.commands ?? [];
  if (mended?.type === 'ArithmeticCommand') Object.assign(expression, mended.expression);
}

/** What stands within `$(( ))` is run where the functions are known, before the sum is made. */
function mendNestedCall(part: Plain): void {
  const { expression } = part;
  const text = isPlain(expression) ? String(expression['originalText'] ?? '') : '';
  if (!text.includes('$(') || /["`\\]/.test(text)) return;
  const [made] = wordOf(`$(eval "echo \\$((${text}))")`).parts;
  if (made) Object.assign(part, { expression: undefined }, made);
}

function mendUnset({ parameter, operation }: Plain): void {
  if (!isPlain(operation) || operation['type'] !== 'ErrorIfUnset') return;
  const { word } = operation;
  const told = [{ type: 'Literal', value: `${String(parameter)}: ` }];
  if (isPlain(word) && Array.isArray(word['parts'])) word['parts'] = [...told, ...word['parts']];
}

/** `type` shows a function as `declare -f` does, below a line of its own. */
function mendDeclare(pipeline: Plain): void {
  const [command, more] = Array.isArray(pipeline['commands']) ? pipeline['commands'] : [];
  if (more !== undefined || !isPlain(command) || command['type'] !== 'SimpleCommand') return;
  const [name, flag, shown] = [command['name'], ...(Array.isArray(command['args']) ? command['args'] : [])].map(textOf);
  if (!/^(?:declare|typeset)$/.test(name ?? '') || flag !== '-f' || !shown) return;
  const made = parse(`type ${shown} 2>/dev/null | tail -n +2`).statements[0]?.pipelines[0];
  if (made) pipeline['commands'] = made.commands;
}

const leave = '__leave';

/** Whatever ends the script first does what was asked for at its end; one that is cut short by a signal is not told from the others. */
function withExitTrap(ast: ScriptNode): ScriptNode {
  leaveByTrap(ast);
  const before = parse(
    `__trap=; ${leave}() { local s=\${1:-$?} t="$__trap"; __trap=; eval "$t"; exit $s; }`,
  ).statements;
  const after = parse(`${leave} $?`).statements;
  return { ...ast, statements: [...before, ...ast.statements, ...after] };
}

function leaveByTrap(node: unknown): void {
  if (Array.isArray(node)) {
    for (const each of node) leaveByTrap(each);
    return;
  }
  if (!isPlain(node)) return;
  // Its own shell: what ends there is not the script.
  if (node['type'] === 'Subshell' || node['type'] === 'CommandSubstitution') return;
  if (node['type'] === 'SimpleCommand') {
    const name = textOf(node['name']);
    if (name === 'exit') node['name'] = wordOf(leave);
    if (isExitTrap(node)) rememberTrap(node);
  }
  for (const each of Object.values(node)) if (typeof each === 'object') leaveByTrap(each);
}

function isExitTrap({ name, args }: Plain): boolean {
  if (textOf(name) !== 'trap' || !Array.isArray(args)) return false;
  return args.slice(1).some((signal) => /^(?:EXIT|0)$/.test(textOf(signal) ?? ''));
}

/** What is asked for is read when the trap is set, which is when its double quotes are. */
function rememberTrap(command: Plain): void {
  const words: unknown[] = Array.isArray(command['args']) ? command['args'] : [];
  const [what] = words.filter((word) => textOf(word) !== '--');
  const value = textOf(what) === '-' ? wordOf("''") : what;
  Object.assign(command, {
    name: null,
    args: [],
    assignments: [{ type: 'Assignment', name: '__trap', value, append: false, array: null }],
  });
}

function wordOf(text: string): WordNode {
  const [command] = parse(`: ${text}`).statements[0]?.pipelines[0]?.commands ?? [];
  const [word] = command?.type === 'SimpleCommand' ? command.args : [];
  if (!word) throw new Error('A word of ours is not read as one.');
  return word;
}

function partsOf(word: unknown): readonly unknown[] {
  return isPlain(word) && Array.isArray(word['parts']) ? word['parts'] : [];
}

/** A word without anything to expand; undefined where there is. */
function textOf(word: unknown): string | undefined {
  const parts = partsOf(word);
  const texts = parts.map((part) => (isPlain(part) && part['type'] === 'Literal' ? String(part['value']) : undefined));
  return parts.length > 0 && !texts.includes(undefined) ? texts.join('') : undefined;
}

function isPlain(node: unknown): node is Plain {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
