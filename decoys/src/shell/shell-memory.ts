import type { StatementNode } from 'just-bash';
import { literal } from './line-shape.ts';
import { simpleCommands } from './list-parts.ts';
import { coverHelp } from './programs/help.ts';
import { keptMark, statusMark } from './shell-files.ts';
import type { ShellKind } from './shell-kind.ts';
import type { Statement } from './statements.ts';

/** What a shell remembers from one line to the next; plain values, so that another thread can go on with it. */
export interface ShellState {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Functions that were defined, as their source. */
  readonly functions: Readonly<Record<string, string>>;
  /** Arrays, as the statement that declares each. */
  readonly arrays?: Readonly<Record<string, string>>;
  /** What `trap … EXIT` asked for at a terminal. */
  readonly exitTrap?: string;
  readonly status: number;
  readonly kind: ShellKind;
  /** Lines that this shell has read: some name the line in their faults. */
  readonly lines: number;
}

const declaresArray =
  /(?:^|[\s;(])([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=\(|(?:declare|typeset)\s+-\w*[aA]\w*\s+([A-Za-z_]\w*)|(?:mapfile|readarray)\s+(?:-\w+\s+)*([A-Za-z_]\w*)|read\s+-\w*a\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)\[[^\]]+\]=/g;
const namesMax = 20;
const arrayTextMax = 64 * 1024;

/** A statement that may change arrays, such that its end tells them: the interpreter forgets them with it. */
export function keepArrays(text: string, { arrays = {} }: ShellState): string {
  const said = [...text.matchAll(declaresArray)].flatMap((found) =>
    found.slice(1).filter((name) => name !== undefined),
  );
  const known = Object.keys(arrays).filter((name) => mentions(text, name));
  const names = [...new Set([...said, ...known])].slice(0, namesMax);
  return names.length === 0 ? text : `${text}\n${keptMark} $? "$(declare -p ${names.join(' ')} 2>/dev/null)"`;
}

/** What is told to the interpreter before a statement: it begins anew with each. */
export function preamble(state: ShellState, text: string, isTerminal: boolean): string {
  const { functions, arrays = {}, status, env } = state;
  const defined = Object.values(functions).map((source) => `${source}\n`);
  const declared = Object.entries(arrays).flatMap(([name, source]) => (mentions(text, name) ? [`${source}\n`] : []));
  const hasAlias = isTerminal && Object.keys(env).some((name) => name.startsWith('BASH_ALIAS_'));
  return [
    hasAlias ? 'shopt -s expand_aliases\n' : '',
    coverHelp(text),
    ...defined,
    ...declared,
    status !== 0 && /\$\?|\b(?:exit|logout|return)\b/.test(text) ? `${statusMark} ${status}\n` : '',
  ].join('');
}

/** What the shell knows after a statement: where it is, its variables, functions and arrays, and how it ended. */
export function remember(
  state: ShellState,
  env: Record<string, string>,
  node: StatementNode,
  status: number,
  told: string | undefined,
): ShellState {
  const functions: Record<string, string> = { ...state.functions };
  for (const command of node.pipelines.flatMap(({ commands }) => commands)) {
    if (command.type === 'FunctionDef') functions[command.name] = node.sourceText ?? '';
  }
  for (const name of forgotten(node)) delete functions[name];
  const { '?': _, ...kept } = env;
  const arrays = told === undefined ? state.arrays : { ...state.arrays, ...arraysIn(told) };
  return { ...state, cwd: env['PWD'] ?? state.cwd, env: kept, functions, status, ...(arrays ? { arrays } : {}) };
}

/** Functions that the statement takes away: `unset -f f g`. */
function forgotten(node: StatementNode): string[] {
  return node.pipelines
    .flatMap(({ commands }) => commands)
    .flatMap((command) => {
      if (command.type !== 'SimpleCommand' || !command.name || literal(command.name) !== 'unset') return [];
      const [option, ...names] = command.args.map(literal);
      return option === '-f' ? names : [];
    });
}

/** What `trap` is to do when the shell ends; undefined where the statement is another. */
export function exitTrapOf(statement: Statement): string | undefined {
  const [command, more] = simpleCommands(statement);
  if (!command || more || !command.name || literal(command.name) !== 'trap') return undefined;
  const words = command.args.map((word) =>
    word.parts
      .flatMap((part) => (part.type === 'DoubleQuoted' ? part.parts : [part]))
      .map((part) => (part.type === 'Literal' || part.type === 'SingleQuoted' ? part.value : '\0'))
      .join(''),
  );
  const [what = '', ...signals] = words.filter((word) => word !== '--');
  if (what.includes('\0') || !signals.some((signal) => /^(?:EXIT|0)$/.test(signal))) return undefined;
  return what === '-' ? '' : what;
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/** `declare -p` of several, each of which may go over lines within its quotes. */
function arraysIn(told: string): Record<string, string> {
  const arrays: Record<string, string> = {};
  for (const source of told.split(/\n(?=declare -)/)) {
    const [, name] = /^declare -\w*[aA]\w* ([A-Za-z_]\w*)=/.exec(source) ?? [];
    if (name !== undefined && source.length <= arrayTextMax) arrays[name] = source;
  }
  return arrays;
}
