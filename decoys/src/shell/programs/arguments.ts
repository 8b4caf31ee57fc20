import { type Call, fail, type Programs, type Result, readOptions } from '../program.ts';
import { nestedAlone } from './nested.ts';

/** xargs as GNU's: the interpreter's knows no `-n1`, `-I{}` or `-0` written together. */
export const argumentPrograms: Programs = { xargs };

const runsMax = 2_000;

async function xargs(call: Call): Promise<Result> {
  const { args, shell } = call;
  const at = commandAt(args);
  const { flags } = readOptions(args.slice(0, at), takesValue);
  const command = args.slice(at).length > 0 ? args.slice(at) : ['echo'];
  const name = (letter: string, long: string) => flags.get(letter) ?? flags.get(long);
  const bad = [...flags.keys()].find((flag) => flag.length === 1 && !'0adEeIiLlnPprstxoS'.includes(flag));
  if (bad !== undefined) return fail(`xargs: invalid option -- '${bad}'\nTry 'xargs --help' for more information.\n`);
  const place = flags.has('i') ? flags.get('i') || '{}' : name('I', 'replace');
  const delimiter = flags.has('0') || flags.has('null') ? '\0' : unescaped(name('d', 'delimiter'));
  const words = readWords(call.stdin(), delimiter, place !== undefined);
  const countMax = Number(name('n', 'max-args') ?? name('L', 'max-lines') ?? 5_000) || 5_000;
  const runs =
    place === undefined
      ? inGroups(words, countMax).map((some) => [...command, ...some])
      : words.map((word) => command.map((part) => part.replaceAll(place, word)));
  if (runs.length === 0 && !flags.has('r') && !flags.has('no-run-if-empty') && place === undefined)
    runs.push([...command]);
  const said = { stdout: '', stderr: '', exitCode: 0 };
  for (const run of runs.slice(0, runsMax)) {
    if (flags.has('t') || flags.has('verbose')) said.stderr += `${run.join(' ')}\n`;
    const done = await nestedAlone(shell, run);
    said.stdout += done.stdout ?? '';
    if (done.exitCode === 127) {
      said.stderr += `xargs: ${run[0] ?? ''}: No such file or directory\n`;
      return { ...said, exitCode: 127 };
    }
    said.stderr += done.stderr ?? '';
    if (done.exitCode !== 0) said.exitCode = 123;
  }
  return said;
}

const takesValue = 'dEILnPsa';

/** Where its own options end: at the first word that is none, and is no option's value. */
function commandAt(args: readonly string[]): number {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') return at + 1;
    if (!arg.startsWith('-') || arg === '-') return at;
    if (arg.startsWith('--')) continue;
    const last = arg.at(-1) ?? '';
    const first = [...arg.slice(1)].findIndex((letter) => takesValue.includes(letter));
    if (first >= 0 && first === arg.length - 2 && takesValue.includes(last)) at++;
  }
  return args.length;
}

function readWords(text: string, delimiter: string | undefined, isByLine: boolean): string[] {
  if (delimiter !== undefined) return text === '' ? [] : withoutLast(text, delimiter).split(delimiter);
  if (isByLine) return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trimStart()]));
  return [...text.matchAll(/(?:"[^"\n]*"|'[^'\n]*'|\\.|[^\s"'\\])+/g)].map(([word]) =>
    word.replace(
      /"([^"\n]*)"|'([^'\n]*)'|\\(.)/g,
      (_, double?: string, single?: string, bare?: string) => double ?? single ?? bare ?? '',
    ),
  );
}

function withoutLast(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

function unescaped(delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const named: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t', '\\0': '\0' };
  return Object.hasOwn(named, delimiter) ? named[delimiter] : delimiter.slice(0, 1);
}

function inGroups(words: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(words.length / size) }, (_, at) => words.slice(at * size, (at + 1) * size));
}
