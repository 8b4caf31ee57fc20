import type { Persona } from '@cerberusmesh/contract/persona';
import type { Call, Program, Programs, Result } from '../program.ts';
import { fail, say } from '../program.ts';

/** What the interpreter's own `help`, which would name itself, is covered with. */
export const helpMark = '__help';

/** Comes before a text that may say `help`: a function comes before a builtin. */
export function coverHelp(text: string): string {
  return /\bhelp\b/.test(text) ? `help() { ${helpMark} "$@"; }\n` : '';
}

export const helpPrograms: Programs = { [helpMark]: help satisfies Program, enable };

/** bash tells all of its own words that are switched on; no other shell has this one. */
function enable({ args, machine }: Call): Result {
  if (machine.persona.os.family === 'busybox') return fail('bash: enable: command not found\n', 127);
  if (args.length > 0 && !args.includes('-a') && !args.includes('-p')) return {};
  const names = [...new Set(usages.map((usage) => usage.split(' ')[0] ?? ''))].filter((name) => !keywords.has(name));
  return say(
    names
      .sort()
      .map((name) => `enable ${name}\n`)
      .join(''),
  );
}

/** Entries of `help` that are no commands. */
const keywords: ReadonlySet<string> = new Set(
  'job_spec (( [[ case coproc for function if select time until variables while {'.split(' '),
);

/** The first words of the interpreter's own list, where something reached it all the same (`builtin help`, `bash -c help`). */
export function hideInterpreter(output: string, persona: Persona): string {
  return output.replaceAll('just-bash shell builtins', versionLine(persona));
}

function versionLine({ bashVersion, kernel }: Persona): string {
  return `GNU bash, version ${bashVersion} (${kernel.machine}-pc-linux-gnu)`;
}

/** As bash and busybox's ash list what they can. */
function help({ args, machine }: Call): Result {
  if (machine.persona.os.family === 'busybox') return say(ashHelp);
  const [topic] = args.filter((arg) => !arg.startsWith('-'));
  if (topic === undefined) return say(`${versionLine(machine.persona)}${head}${inColumns(usages)}`);
  const found = usages.filter((usage) => usage.split(' ')[0] === topic);
  if (found.length > 0) return say(found.map((usage) => `${topic}: ${usage}\n`).join(''));
  const stderr = `-bash: help: no help topics match \`${topic}'.  Try \`help help' or \`man -k ${topic}' or \`info ${topic}'.\n`;
  return { stderr, exitCode: 1 };
}

const columnWidth = 40;

/** Down the left column, then the right; what is too long ends in `>`. */
function inColumns(entries: readonly string[]): string {
  const height = Math.ceil(entries.length / 2);
  const cell = (entry: string, width: number) =>
    ` ${entry.length < width - 1 ? entry : `${entry.slice(0, width - 3)}>`}`;
  const lines = entries
    .slice(0, height)
    .map(
      (left, at) =>
        `${cell(left, columnWidth).padEnd(columnWidth)}${cell(entries[at + height] ?? '', columnWidth - 1)}`,
    );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const head = `
These shell commands are defined internally.  Type \`help' to see this list.
Type \`help name' to find out more about the function \`name'.
Use \`info bash' to find out more about the shell in general.
Use \`man -k' or \`info' to find out more about commands not in this list.

A star (*) next to a name means that the command is disabled.

`;

const ashHelp = `Built-in commands:
------------------
\t. : [ [[ alias bg break cd chdir command continue echo eval exec
\texit export false fg getopts hash help history jobs kill let
\tlocal printf pwd read readonly return set shift source test times
\ttrap true type ulimit umask unalias unset wait
`;

/** In bash's own order. */
const usages: readonly string[] = [
  'job_spec [&]',
  '(( expression ))',
  '. filename [arguments]',
  ':',
  '[ arg... ]',
  '[[ expression ]]',
  'alias [-p] [name[=value] ... ]',
  'bg [job_spec ...]',
  'bind [-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-functio>',
  'break [n]',
  'builtin [shell-builtin [arg ...]]',
  'caller [expr]',
  'case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac',
  'cd [-L|[-P [-e]] [-@]] [dir]',
  'command [-pVv] command [arg ...]',
  'compgen [-abcdefgjksuv] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P pref>',
  'complete [-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filte>',
  'compopt [-o|+o option] [-DEI] [name ...]',
  'continue [n]',
  'coproc [NAME] command [redirections]',
  'declare [-aAfFgiIlnrtux] [name[=value] ...] or declare -p [-aAfFilnrtux] [name ...]',
  'dirs [-clpv] [+N] [-N]',
  'disown [-h] [-ar] [jobspec ... | pid ...]',
  'echo [-neE] [arg ...]',
  'enable [-a] [-dnps] [-f filename] [name ...]',
  'eval [arg ...]',
  'exec [-cl] [-a name] [command [argument ...]] [redirection ...]',
  'exit [n]',
  'export [-fn] [name[=value] ...] or export -p',
  'false',
  'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]',
  'fg [job_spec]',
  'for NAME [in WORDS ... ] ; do COMMANDS; done',
  'for (( exp1; exp2; exp3 )); do COMMANDS; done',
  'function name { COMMANDS ; } or name () { COMMANDS ; }',
  'getopts optstring name [arg ...]',
  'hash [-lr] [-p pathname] [-dt] [name ...]',
  'help [-dms] [pattern ...]',
  'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
  'if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi',
  'jobs [-lnprs] [jobspec ...] or jobs -x command [args]',
  'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
  'let arg [arg ...]',
  'local [option] name[=value] ...',
  'logout [n]',
  'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  'popd [-n] [+N | -N]',
  'printf [-v var] format [arguments]',
  'pushd [-n] [+N | -N | dir]',
  'pwd [-LP]',
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
  'readarray [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
  'readonly [-aAf] [name[=value] ...] or readonly -p',
  'return [n]',
  'select NAME [in WORDS ... ;] do COMMANDS; done',
  'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
  'shift [n]',
  'shopt [-pqsu] [-o] [optname ...]',
  'source filename [arguments]',
  'suspend [-f]',
  'test [expr]',
  'time [-p] pipeline',
  'times',
  'trap [-lp] [[arg] signal_spec ...]',
  'true',
  'type [-afptP] name [name ...]',
  'typeset [-aAfFgiIlnrtux] name[=value] ... or typeset -p [-aAfFilnrtux] [name ...]',
  'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]',
  'umask [-p] [-S] [mode]',
  'unalias [-a] name [name ...]',
  'unset [-f] [-v] [-n] [name ...]',
  'until COMMANDS; do COMMANDS-2; done',
  'variables - Names and meanings of some shell variables',
  'wait [-fn] [-p var] [id ...]',
  'while COMMANDS; do COMMANDS-2; done',
  '{ COMMANDS ; }',
];
