import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { nested } from './nested.ts';
import { buildOf } from './python/build-of.ts';
import { createPython, type PythonEnd } from './python/interpreter.ts';
import { releaseOf } from './releases.ts';

/** python3: what visitors type at its prompt, bring as one-liners and as scripts. */
export const pythonPrograms: Programs = { python, python3: python, python2: python };

async function python(call: Call): Promise<Result> {
  const { args, name, machine } = call;
  const version = releaseOf(machine.persona).python;
  const own = ownArguments(args);
  if (own.letters.has('V')) return say(`Python ${version}\n`);
  if (own.text !== undefined) return await runText(call, own.text, '<string>', ['-c', ...own.rest]);
  if (own.module !== undefined) return runModule(own.module);
  const [operand, ...rest] = own.rest;
  if (operand !== undefined && operand !== '-') {
    const bytes = wholeFile(call, operand);
    if (bytes) return await runText(call, bytes.toString('utf8'), operand, [operand, ...rest]);
    const path = call.shell.fs.resolvePath(call.shell.cwd, operand);
    return fail(`${name}: can't open file '${path}': [Errno 2] No such file or directory\n`, 2);
  }
  if (operand === undefined && machine.isAtKeyboard()) return await talk(call, version);
  return await runText(call, call.stdin(), '<stdin>', operand === undefined ? [''] : ['-', ...rest]);
}

/** What is Python's before the program's own words begin. */
function ownArguments(args: readonly string[]) {
  const letters = new Set<string>();
  for (const [at, arg] of args.entries()) {
    if (arg === '--version') letters.add('V');
    if (!arg.startsWith('-') || arg === '-') return { letters, rest: args.slice(at) };
    const [, plain = '', kind, attached = ''] = /^-([a-bd-lnp-zA-Z]*)([cm])?(.*)$/.exec(arg) ?? [];
    for (const letter of plain) letters.add(letter);
    if (kind === undefined) continue;
    const value = attached === '' ? (args[at + 1] ?? '') : attached;
    const rest = args.slice(at + (attached === '' ? 2 : 1));
    return kind === 'c' ? { letters, rest, text: value } : { letters, rest, module: value };
  }
  return { letters, rest: [] };
}

function runModule(module: string): Result {
  // It would serve until Ctrl-C.
  if (module === 'http.server' || module === 'SimpleHTTPServer')
    return say('Serving HTTP on 0.0.0.0 port 8000 (http://0.0.0.0:8000/) ...\n');
  return fail(`/usr/bin/python3: No module named ${module}\n`);
}

function interpreterOf(call: Call, file: string, argv: readonly string[], isTalking: boolean) {
  const run = async (command: string, stdin?: string): Promise<Result> =>
    stdin === undefined
      ? await nested(call.shell, command)
      : await nested(
          call.shell,
          `printf %s "$1" | { ${command}\n}`.replace('"$1"', `'${stdin.replaceAll("'", `'\\''`)}'`),
        );
  return createPython({ file, argv, isTalking, run, call });
}

async function runText(call: Call, text: string, file: string, argv: readonly string[]): Promise<Result> {
  const { stdout, stderr, exitCode } = await interpreterOf(call, file, argv, false).run(text);
  return { stdout, stderr, exitCode };
}

const linesMax = 500;

/** Its prompt: a line, its answer, the next. Ctrl-D leaves, as `exit()` does. */
async function talk(call: Call, version: string): Promise<Result> {
  const { machine } = call;
  const state = interpreterOf(call, '<stdin>', [''], true);
  const { built, compiler } = buildOf(version);
  let shown = `Python ${version} (main, ${built}) [${compiler}] on linux\nType "help", "copyright", "credits" or "license" for more information.\n`;
  for (let count = 0; count < linesMax; count++) {
    const line = await machine.ask(`${shown.replace(/\n/g, '\r\n')}>>> `, true);
    if (line === null) return say('\n');
    machine.tell({
      eventid: 'cowrie.session.input',
      fields: { realm: 'python', input: line },
      message: `INPUT (python): ${line}`,
    });
    const block = /:\s*$/.test(line) ? await readBlock(call, line) : line;
    const end: PythonEnd = await state.run(block);
    if (end.isOver) return { stdout: end.stdout, stderr: end.stderr, exitCode: end.exitCode };
    shown = end.stdout + end.stderr;
  }
  return {};
}

/** Lines of a block, until an empty one. */
async function readBlock({ machine }: Call, first: string): Promise<string> {
  let block = first;
  for (let count = 0; count < linesMax; count++) {
    const line = await machine.ask('... ', true);
    if (line === null || line.trim() === '') break;
    block += `\n${line}`;
  }
  return block;
}
