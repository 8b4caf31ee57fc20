import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { nested } from './nested.ts';
import { createPython, type PythonEnd } from './python-statements.ts';
import { releaseOf } from './releases.ts';

/** python3: what visitors type at its prompt and bring as one-liners, as far as `python-statements.ts` knows it; the rest is silent. */
export const pythonPrograms: Programs = { python, python3: python, python2: python };

async function python(call: Call): Promise<Result> {
  const { args, name, machine } = call;
  const version = releaseOf(machine.persona).python;
  if (args.some((arg) => arg === '-V' || arg === '--version')) return say(`Python ${version}\n`);
  const at = args.findIndex((arg) => /^-\w*c$/.test(arg));
  if (at >= 0) return await runText(call, args[at + 1] ?? '', '<string>');
  const operand = args.find((arg) => !arg.startsWith('-'));
  if (operand !== undefined) {
    const bytes = wholeFile(call, operand);
    if (bytes) return await runText(call, bytes.toString('utf8'), operand);
    const path = call.shell.fs.resolvePath(call.shell.cwd, operand);
    return fail(`${name}: can't open file '${path}': [Errno 2] No such file or directory\n`, 2);
  }
  return machine.isAtKeyboard() ? await talk(call, version) : await runText(call, call.stdin(), '<stdin>');
}

async function runText(call: Call, text: string, file: string): Promise<Result> {
  const state = createPython({ file, isTalking: false, run: (command) => nested(call.shell, command), call });
  const { stdout, stderr, exitCode } = await state.run(text);
  return { stdout, stderr, exitCode };
}

const linesMax = 500;

/** Its prompt: a line, its answer, the next. Ctrl-D leaves, as `exit()` does. */
async function talk(call: Call, version: string): Promise<Result> {
  const { machine } = call;
  const state = createPython({ file: '<stdin>', isTalking: true, run: (command) => nested(call.shell, command), call });
  const built = Number(version.split('.')[1]) > 9 ? 'Nov  5 2024, 00:05:32' : 'Feb 28 2021, 17:03:44';
  const compiler = Number(version.split('.')[1]) > 9 ? 'GCC 12.2.0' : 'GCC 10.2.1 20210110';
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
