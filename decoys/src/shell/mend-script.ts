import { parse, type ScriptNode, type TransformContext } from 'just-bash';
import { mendTraps, noteTraps, type Trapped } from './mend-traps.ts';
import { cutText, parseShell } from './parse-once.ts';
import { isPlain, type Plain, partsOf, textOf, wordOf } from './syntax-tree.ts';

/**
 * What the interpreter reads otherwise than bash does, put so that it does the same. Seen in 3.4.2: `((n>=3))` without blanks is a fault;
 * `"$@"` and `"${array[@]}"` in a command's place are one word; functions are unknown within `$(( $(f) ))`; `${name:?why}` does not tell the
 * name; `declare -f` is silent; options of `set` that only matter at a terminal are faults; `exec -a` runs `-a`, and what `exec` does not
 * find does not end the script; `eval` of cut arithmetic never ends.
 */
export const mendScript = {
  name: 'mend-script',
  transform: ({ ast }: TransformContext): { ast: ScriptNode } => {
    const seen: Trapped = { signals: new Set(), killsItself: false };
    mendAll(ast, seen);
    return { ast: mendTraps(ast, seen) };
  },
};

function mendAll(node: unknown, seen: Trapped): void {
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
      mendOptions(node);
      mendExec(node);
      mendEval(node);
      noteTraps(node, seen);
      break;
    case 'For':
      // Without words it is for the arguments, which the interpreter would take apart at their blanks.
      if (node['words'] === null) node['words'] = [wordOf('"$@"')];
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
  const [mended] = parseShell(`((${text.replace(/([<>]) +=/g, ' $1= ')}))`).statements[0]?.pipelines[0]?.commands ?? [];
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
  const made = parseShell(`type ${shown} 2>/dev/null | tail -n +2`).statements[0]?.pipelines[0];
  if (made) pipeline['commands'] = made.commands;
}

const ofTerminals =
  /^(?:history|monitor|notify|emacs|braceexpand|hashall|histexpand|physical|privileged|ignoreeof|interactive-comments|keyword|functrace|errtrace)$/;

function mendOptions(command: Plain): void {
  if (textOf(command['name']) !== 'set' || !Array.isArray(command['args'])) return;
  const [first = '', second, more] = command['args'].map((arg) => textOf(arg) ?? '\0');
  const isOne = /^[-+][bhmBHET]+$/.test(first) && second === undefined;
  const isNamed = /^[-+]o$/.test(first) && ofTerminals.test(second ?? '') && more === undefined;
  if (isOne || isNamed) Object.assign(command, { name: wordOf(':'), args: [] });
}

/** Commands that are done with, since they are met again within what they became. */
const mended = new WeakSet<Plain>();

/** `exec -a NAME program`, and a program that is not there. */
function mendExec(command: Plain): void {
  if (mended.has(command) || textOf(command['name']) !== 'exec' || !Array.isArray(command['args'])) return;
  const args: unknown[] = command['args'];
  while (/^-[acl]/.test(textOf(args[0]) ?? '')) args.splice(0, textOf(args[0]) === '-a' ? 2 : 1);
  const program = textOf(args[0]);
  if (program === undefined || !/^[\w.+-]+$/.test(program)) return;
  // A bare word would be looked for by the interpreter, which goes on where it finds nothing.
  const known = `command -v ${program} >/dev/null 2>&1 || { echo "bash: line 1: exec: ${program}: not found" >&2; exit 127; }`;
  const rest = { ...command };
  mended.add(rest);
  for (const key of Object.keys(command)) delete command[key];
  const body = [
    ...parse(known).statements,
    { ...(parse(':').statements[0] ?? {}), pipelines: [{ type: 'Pipeline', commands: [rest], negated: false }] },
  ];
  Object.assign(command, { type: 'Group', body, redirections: [] });
}

/** `eval` of a text on which the interpreter would come to no end says the fault, and the shell goes on. What is only known later is not looked at. */
function mendEval(command: Plain): void {
  if (textOf(command['name']) !== 'eval' || !Array.isArray(command['args'])) return;
  const words = command['args'].map(quotedText);
  const fault = words.includes(undefined) ? undefined : cutText(words.join(' '));
  if (fault === undefined) return;
  const said = `bash: line 1: ${fault}`.replaceAll("'", `'\\''`);
  const [made] = parse(`{ echo '${said}' >&2; false; }`).statements[0]?.pipelines[0]?.commands ?? [];
  if (made) Object.assign(command, made);
}

/** A word of plain and quoted texts; undefined where something in it is to be expanded. */
function quotedText(word: unknown): string | undefined {
  const texts = partsOf(word).map((part) => {
    if (!isPlain(part)) return undefined;
    if (part['type'] === 'DoubleQuoted') return quotedText(part);
    return /^(?:Literal|SingleQuoted|Escaped)$/.test(String(part['type'])) ? String(part['value']) : undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join('');
}
