import type { Call, Result } from '../program.ts';
import { kindOf } from '../shell-kind.ts';
import { nameOf } from './identity.ts';
import { type PythonNumber, PythonSumFault, reckon, showNumber } from './python-numbers.ts';
import { enterShell } from './shells.ts';

export interface PythonEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly isOver: boolean;
}

interface PythonOptions {
  /** What a traceback calls the text. */
  readonly file: string;
  /** At its prompt values are shown, and an unknown name is a fault. */
  readonly isTalking: boolean;
  readonly run: (command: string) => Promise<Result>;
  readonly call: Call;
}

/** `number`: one with a point. */
type Value = string | PythonNumber | null;
/** What is not known: it has no value and does no harm. */
const unknown = Symbol('unknown');
type Known = Value | typeof unknown;

class PythonFault extends Error {}

const textMax = 64 * 1024;
const statementsMax = 500;
/** So that brackets in brackets end. */
const sumMax = 200;
const modules: ReadonlySet<string> = new Set(
  'os sys pty socket subprocess time re json base64 platform random string struct threading urllib http ssl hashlib shutil glob getpass pwd math datetime itertools functools collections ctypes signal select fcntl resource tempfile logging argparse csv uuid zlib gzip tarfile zipfile pathlib errno io types codecs binascii'.split(
    ' ',
  ),
);

/** A few words of Python, told by their form: nothing is interpreted beyond them. */
export function createPython({ file, isTalking, run, call }: PythonOptions) {
  const names = new Map<string, Known>();
  return { run: runText };

  async function runText(text: string): Promise<PythonEnd> {
    const said = { stdout: '', stderr: '', exitCode: 0 };
    for (const [line, statement] of statementsOf(text.slice(0, textMax))) {
      try {
        const exit = await runStatement(statement, said);
        if (exit !== undefined) return { ...said, exitCode: exit, isOver: true };
      } catch (error) {
        if (!(error instanceof PythonFault)) throw error;
        said.stderr += `Traceback (most recent call last):\n  File "${file}", line ${line}, in <module>\n${error.message}\n`;
        return { ...said, exitCode: 1, isOver: !isTalking };
      }
    }
    return { ...said, isOver: false };
  }

  /** @returns the exit status where it ends the program */
  async function runStatement(
    statement: string,
    said: { stdout: string; stderr: string },
  ): Promise<number | undefined> {
    const imported = /^(?:import\s+(.+)|from\s+([\w.]+)\s+import\b.*)$/.exec(statement);
    if (imported) {
      importAll((imported[1] ?? imported[2] ?? '').split(','));
      return undefined;
    }
    const exit = /^(?:sys\.|os\._)?(?:exit|quit)\s*\(\s*(\d*)\s*\)$/.exec(statement);
    if (exit) return Number(exit[1] || 0);
    const printed = /^print\s*\((.*)\)$/s.exec(statement) ?? /^print\s+(.+)$/s.exec(statement);
    if (printed) {
      const values = await Promise.all(parts(printed[1] ?? '').map((part) => evaluate(part, said)));
      if (!values.includes(unknown)) said.stdout += `${values.map((value) => shown(value)).join(' ')}\n`;
      return undefined;
    }
    const assigned = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.+)$/s.exec(statement);
    if (assigned) {
      names.set(assigned[1] ?? '', await evaluate(assigned[2] ?? '', said));
      return undefined;
    }
    const value = await evaluate(statement, said);
    if (isTalking && value !== unknown && value !== null) said.stdout += `${repr(value)}\n`;
    return undefined;
  }

  function importAll(list: readonly string[]): void {
    for (const each of list) {
      const name =
        each
          .trim()
          .split(/\s+as\s+/)[0]
          ?.split('.')[0] ?? '';
      if (!modules.has(name)) throw new PythonFault(`ModuleNotFoundError: No module named '${name}'`);
      names.set(
        each
          .trim()
          .split(/\s+as\s+/)
          .at(-1)
          ?.split('.')[0] ?? name,
        unknown,
      );
    }
  }

  async function evaluate(text: string, said: { stdout: string; stderr: string }): Promise<Known> {
    const bare = text.trim().replace(/\b[A-Za-z_]\w*\b(?=\s*[-+*/%)]|$)/g, (name) => numberOf(name) ?? name);
    const quoted = /^[bru]*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')$/.exec(bare);
    if (quoted) return unescaped(quoted[1] ?? quoted[2] ?? '');
    if (bare.length <= sumMax && /^[\d\s.+\-*/%()]+$/.test(bare) && /\d/.test(bare)) return sumOf(bare);
    const repeated = /^("[^"]*"|'[^']*')\s*\*\s*(\d{1,5})$/.exec(bare);
    if (repeated) return (repeated[1] ?? '').slice(1, -1).repeat(Number(repeated[2]));
    const command =
      /^(os\.system|os\.popen|subprocess\.\w+)\s*\(\s*\[?\s*((?:"[^"]*"|'[^']*')(?:\s*,\s*(?:"[^"]*"|'[^']*'))*)/.exec(
        bare,
      );
    if (command)
      return await runCommand(command[1] ?? '', command[2] ?? '', /\.read\(\)|check_output|getoutput/.test(bare), said);
    if (/^(?:pty|__import__\(.pty.\))\.spawn\s*\(/.test(bare)) return spawnShell(bare);
    const connected = /\.connect\s*\(\s*\(\s*["']([^"']+)["']/.exec(bare);
    if (connected) throw new PythonFault(connectFault(connected[1] ?? ''));
    if (Object.hasOwn(facts, bare)) return facts[bare]?.(call) ?? unknown;
    if (!/^[A-Za-z_]\w*$/.test(bare)) return unknown;
    if (names.has(bare)) return names.get(bare) ?? unknown;
    if (isTalking && !words.has(bare)) throw new PythonFault(`NameError: name '${bare}' is not defined`);
    return unknown;
  }

  function numberOf(name: string): string | undefined {
    const value = names.get(name);
    return typeof value === 'number' || typeof value === 'bigint' ? showNumber(value) : undefined;
  }

  async function runCommand(
    how: string,
    list: string,
    isRead: boolean,
    said: { stdout: string; stderr: string },
  ): Promise<Known> {
    const given = parts(list).map((part) => unescaped(part.trim().slice(1, -1)));
    const done = await run(
      given.length === 1 ? (given[0] ?? '') : given.map((word) => `'${word.replace(/'/g, `'\\''`)}'`).join(' '),
    );
    said.stderr += done.stderr ?? '';
    if (isRead) return done.stdout ?? '';
    said.stdout += done.stdout ?? '';
    return how === 'os.system'
      ? BigInt((done.exitCode ?? 0) * 256)
      : how === 'subprocess.call'
        ? BigInt(done.exitCode ?? 0)
        : unknown;
  }

  function spawnShell(text: string): Known {
    const path = /["']([^"']+)["']/.exec(text.slice(text.indexOf('spawn')))?.[1] ?? '/bin/sh';
    if (call.machine.isAtKeyboard())
      enterShell(call, kindOf(path.slice(path.lastIndexOf('/') + 1), call.machine.persona, false, false));
    return unknown;
  }
}

const words: ReadonlySet<string> = new Set([
  'print',
  'exit',
  'quit',
  'help',
  'pass',
  'True',
  'False',
  'None',
  'else',
  'try',
]);

const facts: Readonly<Record<string, (call: Call) => Known>> = {
  exit: () => 'Use exit() or Ctrl-D (i.e. EOF) to exit',
  quit: () => 'Use quit() or Ctrl-D (i.e. EOF) to exit',
  'os.getuid()': ({ machine }) => BigInt(machine.actor.uid),
  'os.geteuid()': ({ machine }) => BigInt(machine.actor.uid),
  'os.getpid()': ({ machine }) => BigInt(machine.visitor.pid + 9),
  'os.getcwd()': ({ shell }) => shell.cwd,
  'os.name': () => 'posix',
  'os.cpu_count()': ({ machine }) => BigInt(machine.persona.cpu.cores),
  'sys.version_info[0]': () => 3n,
  'sys.version_info.major': () => 3n,
  'sys.platform': () => 'linux',
  'platform.system()': () => 'Linux',
  'platform.machine()': ({ machine }) => machine.persona.kernel.machine,
  'platform.node()': ({ machine }) => machine.persona.hostname,
  'platform.release()': ({ machine }) => machine.persona.kernel.release,
  'socket.gethostname()': ({ machine }) => machine.persona.hostname,
  'getpass.getuser()': ({ machine }) => nameOf(machine),
};

function connectFault(host: string): string {
  return /^(?:127\.|localhost$|0\.0\.0\.0$)/.test(host)
    ? 'ConnectionRefusedError: [Errno 111] Connection refused'
    : /^[\d.]+$/.test(host)
      ? 'OSError: [Errno 113] No route to host'
      : 'socket.gaierror: [Errno -3] Temporary failure in name resolution';
}

/** Statements with the number of their line; what is indented belongs to a block, which is not run. */
function* statementsOf(text: string): Generator<readonly [number, string]> {
  let count = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s/.test(line)) continue;
    for (const part of split(line, ';')) {
      const statement = part.trim();
      if (statement === '' || statement.startsWith('#')) continue;
      if (++count > statementsMax) return;
      yield [index + 1, statement];
    }
  }
}

function parts(text: string): string[] {
  return text.trim() === '' ? [] : split(text, ',');
}

/** Splits where a sign stands outside of quotes and brackets. */
function split(text: string, sign: string): string[] {
  const found: string[] = [];
  let [start, depth, quote] = [0, 0, ''];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote !== '') {
      if (letter === '\\') at++;
      else if (letter === quote) quote = '';
    } else if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
    else if (letter === sign && depth === 0) {
      found.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...found, text.slice(start)];
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (whole, hex?: string, letter?: string) =>
    hex !== undefined ? String.fromCharCode(Number.parseInt(hex, 16)) : (named[letter ?? ''] ?? whole),
  );
}

function sumOf(text: string): Known {
  try {
    return reckon(text) ?? unknown;
  } catch (error) {
    throw error instanceof PythonSumFault ? new PythonFault(error.message) : error;
  }
}

function shown(value: Known): string {
  if (typeof value === 'number' || typeof value === 'bigint') return showNumber(value);
  return value === null ? 'None' : String(value);
}

function repr(value: Value): string {
  if (typeof value !== 'string') return shown(value);
  const escaped = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t');
  return escaped.startsWith('Use ') ? escaped : `'${escaped.replace(/'/g, "\\'")}'`;
}
