import { parse, type ScriptNode, type StatementNode } from 'just-bash';
import { isPlain, type Plain, textOf, wordOf } from './syntax-tree.ts';

/**
 * `trap`, which the interpreter does not have. What each signal is to do is kept in `__trap_…` of the script. Whatever ends the script does
 * `EXIT` first; `kill` that means the shell itself does what was asked for, or ends it; `ERR` and `DEBUG` are looked at where statements end and begin.
 */
export function mendTraps(ast: ScriptNode, { signals, killsItself }: Trapped): ScriptNode {
  if (signals.size === 0 && !killsItself) return ast;
  takeCalls(ast);
  const isWatched = signals.has('ERR') || signals.has('DEBUG');
  const watched = isWatched ? withWatch(ast.statements, signals) : ast.statements;
  const after = signals.has('EXIT') ? parse('__leave $?').statements : [];
  return { ...ast, statements: [...parse(functions).statements, ...watched, ...after] };
}

export interface Trapped {
  /** What the script sets traps for, as far as it is written out. */
  readonly signals: Set<string>;
  killsItself: boolean;
}

/** Looks at one command for what its script needs. */
export function noteTraps(command: Plain, seen: Trapped): void {
  const name = textOf(command['name']);
  const args: unknown[] = Array.isArray(command['args']) ? command['args'] : [];
  if (name === 'trap') for (const arg of args) seen.signals.add(signalName(textOf(arg) ?? ''));
  if (name === 'kill' && args.some((arg) => JSON.stringify(arg).includes('"parameter":"$"'))) seen.killsItself = true;
}

const numbers = [
  'EXIT',
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
];

/** `SIGINT`, `2` and `INT` are one. */
export function signalName(text: string): string {
  return numbers[/^\d+$/.test(text) ? Number(text) : -1] ?? text.replace(/^SIG/, '');
}

const cases = numbers
  .map((name, number) => `${number}|${name}|SIG${name}) __signal=${name} __number=${number};;`)
  .join(' ');

/** `__named SIGNAL` finds its name; `__trap` is `trap`; `__kill` is `kill`, which may mean this shell. */
const functions = `
__named() { __number=0; case "$1" in ${cases} CHLD|SIGCHLD|17) __signal=CHLD __number=17;; ERR|DEBUG|RETURN) __signal=$1;; *) return 1;; esac; }
__trap() {
  local what s n
  case "$1" in
    -l) kill -l; return;;
    -p) shift; for s in \${@:-EXIT HUP INT QUIT USR1 USR2 ALRM TERM ERR DEBUG RETURN}; do __named "$s" && __show; done; return 0;;
    --) shift;;
    '') [ $# = 0 ] && { for s in EXIT HUP INT QUIT USR1 USR2 ALRM TERM ERR DEBUG RETURN; do __named $s; __show; done; return 0; };;
  esac
  what="$1"; shift
  if [ $# = 0 ]; then set -- "$what"; what=-; fi
  for s; do
    if ! __named "$s"; then echo "bash: line 1: trap: $s: invalid signal specification" >&2; return 1; fi
    if [ "$what" = - ]; then unset "__trap_$__signal"; else printf -v "__trap_$__signal" '%s' "$what"; fi
  done
}
__show() {
  local v="__trap_$__signal" s="SIG$__signal" q="'\\\\''"
  [ -n "\${!v+x}" ] || return 0
  case $__signal in EXIT|ERR|DEBUG|RETURN) s=$__signal;; esac
  echo "trap -- '\${!v//\\'/$q}' $s"
}
__leave() { local s=\${1:-$?} t="$__trap_EXIT"; unset __trap_EXIT; eval "$t"; exit $s; }
__kill() {
  local a n= s=15 me= v
  for a; do case "$a" in
    -s|-n) n=1;;
    -*) s="\${a#-}";;
    *) if [ "$n" ]; then s="$a"; n=; elif [ "$a" = "$$" ]; then me=1; fi;;
  esac; done
  if [ -z "$me" ]; then kill "$@"; return; fi
  __named "$s" || { kill "$@"; return; }
  [ $__number = 0 ] && return 0
  v="__trap_$__signal"
  if [ -n "\${!v+x}" ] && [ $__signal != KILL ]; then eval "\${!v}"; return 0; fi
  case $__signal in CHLD) return 0;; KILL) exit 137;; esac
  __leave $((128 + __number))
}
__erred() { local s=$1; if [ $s != 0 ] && [ -n "$__trap_ERR" ]; then eval "(exit $s); \${__trap_ERR//\\$LINENO/$2}"; fi; return $s; }
__debug() { if [ -n "$__trap_DEBUG" ]; then eval "$__trap_DEBUG"; fi; return $1; }
`;

const calls: Readonly<Record<string, string>> = { exit: '__leave', trap: '__trap', kill: '__kill' };

/** In place, but for what is a shell of its own: what ends there is not the script. */
function takeCalls(node: unknown): void {
  if (Array.isArray(node)) {
    for (const each of node) takeCalls(each);
    return;
  }
  if (!isPlain(node)) return;
  if (node['type'] === 'CommandSubstitution') return;
  if (node['type'] === 'Subshell') {
    takeSubshell(node);
    return;
  }
  if (node['type'] === 'SimpleCommand') {
    const name = textOf(node['name']) ?? '';
    if (Object.hasOwn(calls, name)) node['name'] = wordOf(calls[name] ?? name);
  }
  for (const each of Object.values(node)) if (typeof each === 'object') takeCalls(each);
}

/** A shell within the shell begins without traps, and may set its own. */
function takeSubshell(node: Plain): void {
  const body: unknown[] = Array.isArray(node['body']) ? node['body'] : [];
  if (!JSON.stringify(body).includes('"trap"')) return;
  takeCalls(body);
  node['body'] = [...parse('unset __trap_EXIT').statements, ...body, ...parse('__leave $?').statements];
}

function withWatch(statements: readonly StatementNode[], signals: ReadonlySet<string>): StatementNode[] {
  return statements.flatMap((statement) => {
    for (const { commands } of statement.pipelines) for (const command of commands) watchWithin(command, signals);
    const [pipeline, more] = statement.pipelines;
    const [command] = pipeline?.commands ?? [];
    // What a list passes over is no fault, and a function is only made.
    const isWatched =
      more === undefined && !pipeline?.negated && command?.type !== 'FunctionDef' && command?.type !== 'If';
    const line = command?.line ?? statement.line ?? 1;
    return [
      ...(signals.has('DEBUG') ? parse('__debug $?').statements : []),
      statement,
      ...(isWatched && signals.has('ERR') ? parse(`__erred $? ${line}`).statements : []),
    ];
  });
}

function watchWithin(command: unknown, signals: ReadonlySet<string>): void {
  if (!isPlain(command) || command['type'] === 'FunctionDef') return;
  if (Array.isArray(command['body'])) command['body'] = withWatch(command['body'], signals);
  if (Array.isArray(command['clauses']))
    for (const clause of command['clauses'])
      if (isPlain(clause) && Array.isArray(clause['body'])) clause['body'] = withWatch(clause['body'], signals);
}
