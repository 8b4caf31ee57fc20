import type { BashExecResult } from 'just-bash';
import { faultTexts } from '../world/faults.ts';
import { parentOf, resolvePath } from '../world/paths.ts';
import type { World } from '../world/world.ts';
import type { Machine } from './program.ts';
import { withoutMarks } from './redirect-marks.ts';
import { faultHead, inWordsOf } from './shell-kind.ts';
import type { ShellState } from './shell-memory.ts';

/** Whether the interpreter stopped a script at one of our limits: a real machine would still be busy. */
export function isLimit({ exitCode, stderr }: BashExecResult): boolean {
  // Python says so of a function of the visitor's that calls itself, and ends.
  if (/^RecursionError: /m.test(stderr)) return false;
  return (
    (exitCode === 126 || exitCode === 124 || exitCode === 1) &&
    /increase executionLimits|limit exceeded|exceeded \(|too many (?:commands|iterations)|maximum (?:recursion|call|execution|nesting)/i.test(
      stderr,
    )
  );
}

/** The interpreter's error text as the shell that is asked and the GNU programs say it. */
export function inOwnWords(
  stderr: string,
  machine: Machine,
  { cwd, kind, lines }: Pick<ShellState, 'cwd' | 'kind' | 'lines'>,
): string {
  if (stderr === '') return '';
  const said = withoutMarks(stderr);
  const head = faultHead(kind, machine.visitor.terminal !== null, lines);
  return (
    said
      .replace(/\n\n$/, '\n')
      .split('\n')
      .map((line) => {
        const told = retell(gnuWords(line), machine, cwd);
        const [whole] = /^bash: (?:line \d+: )?/.exec(told) ?? [];
        return whole === undefined ? told : `${connectFault(told)}${head}${inWordsOf(kind, told.slice(whole.length))}`;
      })
      .join('\n')
      // Where the program said so itself.
      .replace(/^(Try '.*)\n\1$/gm, '$1')
      .replace(/^Try '.*\n(?=[Uu]sage: )/gm, '')
  );
}

/** Where the interpreter's programs speak differently from GNU's. */
function gnuWords(line: string): string {
  return line
    .replace(
      /^(\w+): (?:missing (?:file )?operand|invalid option -- '.'|unrecognized option '.*'|you must specify a list of .*)$/,
      (whole, name: string) => `${whole}\nTry '${name} --help' for more information.`,
    )
    .replace(
      /^(cp|mv): missing destination file operand.*$/,
      (whole, name: string) => `${whole}\nTry '${name} --help' for more information.`,
    )
    .replace(
      /^grep: (?:missing pattern|invalid option -- 'Z'\nTry .*)$/,
      "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.",
    )
    .replace(/^awk: missing program$/, 'Usage: awk [POSIX or GNU style options] -f progfile [--] file ...')
    .replace(/^sed: no script specified$/, 'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n')
    .replace(/^sed: (?!can't|-e)(.+): No such file or directory$/, "sed: can't read $1: No such file or directory")
    .replace(
      /^awk: (?!cmd)(.+): No such file or directory$/,
      "awk: cmd. line:1: fatal: cannot open file `$1' for reading: No such file or directory",
    )
    .replace(/^find: unknown predicate '(.+)'$/, "find: unknown predicate `$1'")
    .replace(
      /^(head|tail): (?!cannot)(.+): No such file or directory$/,
      "$1: cannot open '$2' for reading: No such file or directory",
    )
    .replace(/^sort: (?!cannot)(.+): No such file or directory$/, 'sort: cannot read: $1: No such file or directory')
    .replace(/^find: (?!‘)(.+): No such file or directory$/, 'find: ‘$1’: No such file or directory')
    .replace(
      /^split: (?!cannot)(.+): No such file or directory$/,
      "split: cannot open '$1' for reading: No such file or directory",
    )
    .replace(/^(chmod: invalid mode: )'(.+)'$/, "$1‘$2’\nTry 'chmod --help' for more information.")
    .replace(/^(sleep|seq): (invalid [\w ]+:?) '(.+)'$/, "$1: $2 ‘$3’\nTry '$1 --help' for more information.")
    .replace(
      /^(bash: (?:line \d+: )?)source: filename argument required$/,
      '$&\nsource: usage: source filename [arguments]',
    )
    .replace(
      /^sed: (?:-e .*: )?(?:invalid command: )?unterminated substitution pattern$/,
      "sed: -e expression #1, char 0: unterminated `s' command",
    )
    .replace(/^grep: invalid regular expression: .*\($/, 'grep: Unmatched ( or \\(')
    .replace(/^printf: (.+: invalid number)$/, 'bash: printf: $1')
    .replace(
      /^bash: (line \d+: )?\/dev\/full: No space left on device$/,
      'bash: $1echo: write error: No space left on device',
    )
    .replace(/^mkdir: cannot create directory '(.+)': /, 'mkdir: cannot create directory ‘$1’: ')
    .replace(
      /^(\w+): (cannot \w+ '.+'): (E[A-Z]+): .*$/,
      (_, name: string, said: string, code: string) => `${name}: ${said}: ${faultOf(code)}`,
    )
    .replace(/^bash: (line \d+: )?(\S+): command not available in browser .*$/, 'bash: $1$2: command not found')
    .replace(/^(tar: .+: Cannot open: .+)$/, '$1\ntar: Error is not recoverable: exiting now')
    .replace(
      /^tar: You must specify one of .*$/,
      "tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.",
    )
    .replace(/^bash: (?:line \d+: )?syntax error: Parse error at [\d:]+: (?=syntax error)/, 'bash: ');
}

function faultOf(code: string): string {
  const texts: Readonly<Record<string, string>> = faultTexts;
  return (Object.hasOwn(texts, code) ? texts[code] : undefined) ?? 'Input/output error';
}

const redirectFault = 'cannot open redirect target';

function retell(line: string, machine: Machine, cwd: string): string {
  const [, program, missing = ''] =
    /^(?:\/\S*\/)?([\w.-]+): ENOENT: no such file or directory, \w+ '(.*)'$/.exec(line) ?? [];
  if (program !== undefined) {
    const shown = missing.startsWith(`${cwd}/`) ? missing.slice(cwd.length + 1) : missing;
    return `${program}: ${shown}: ${faultTexts.ENOENT}`;
  }
  const [, head, path = '', text = ''] = /^(-?\w[\w.+-]*(?:: line \d+)?): (.+?): ([^:]+)$/.exec(line) ?? [];
  if (head === undefined) return line;
  // What is a folder cannot be run for that, whoever may enter it.
  if (text === faultTexts.EACCES && machine.world.find(resolvePath(cwd, path))?.kind === 'folder')
    return `${head}: ${path}: ${faultTexts.EISDIR}`;
  if (text === redirectFault || text === faultTexts.ENOENT) {
    return `${head}: ${path}: ${whyNot(resolvePath(cwd, path.replace(/^cannot \w+ ['‘]|['’]$/g, '')), machine, text)}`;
  }
  return line;
}

/** bash tells of a connection that cannot be made before it tells of the file that it is asked for as. */
function connectFault(line: string): string {
  const [, why] = /: \/dev\/(?:tcp|udp)\/[^ ]+: ([^:]+)$/.exec(line) ?? [];
  return why === undefined ? '' : `bash: connect: ${why}\n`;
}

function whyNot(path: string, { world, actor }: Machine, said: string): string {
  const [, host] = /^\/dev\/(?:tcp|udp)\/([^/]+)\//.exec(path) ?? [];
  if (host !== undefined)
    return /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host) ? 'Connection refused' : 'No route to host';
  const node = world.lookAt(path);
  if (!node)
    return isMissingFolder(path, world)
      ? faultTexts.ENOENT
      : said === redirectFault
        ? faultTexts.EACCES
        : faultTexts.ENOENT;
  if (node.kind === 'folder') return faultTexts.EISDIR;
  if (said !== faultTexts.ENOENT || actor.uid !== 0) return faultTexts.EACCES;
  return said;
}

/** In /proc nobody can make a file, which the kernel says as of a folder that is not there. */
function isMissingFolder(path: string, world: World): boolean {
  return path.startsWith('/proc/') || world.find(parentOf(path)) === undefined;
}
