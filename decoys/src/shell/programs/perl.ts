import { type Call, fail, type Programs, type Result, say } from '../program.ts';
import { wholeFile } from './files.ts';
import { nested, quote } from './nested.ts';
import { PerlSyntax } from './perl/faults.ts';
import { createPerl, type LineOptions } from './perl/interpreter.ts';
import { readProgram } from './perl/read-program.ts';
import { cellOf } from './perl/scope.ts';
import { releaseOf } from './releases.ts';

/** perl: one-liners, scripts, and what comes on its standard input. */
export const perlPrograms: Programs = { perl };

interface Words {
  readonly letters: Map<string, string>;
  /** The program, where `-e` gave it. */
  readonly text: string | undefined;
  /** Modules of `-M`, as statements. */
  readonly uses: readonly string[];
  readonly rest: readonly string[];
}

async function perl(call: Call): Promise<Result> {
  const { perl: version } = releaseOf(call.machine.persona);
  const words = readWords(call.args);
  const { letters } = words;
  if (letters.has('v')) return say(versionText(version));
  if (letters.has('V')) return say(`version='${version}';\n`);
  const { text, file, argv } = programOf(call, words);
  if (text === undefined) return fail(`Can't open perl script "${file}": No such file or directory\n`, 2);
  const whole = `${words.uses.join('')}${text}`;
  if (letters.has('c')) return check(whole, file);
  const isLines = letters.has('n') || letters.has('p') || /^#!.*\bperl\b.*\s-\w*[np]/.test(text);
  const perlOf = (rest: readonly string[]) => {
    const made = createPerl({
      call,
      file,
      argv: rest,
      version,
      run: (command, stdin) => runIn(call, made.runtime.cwd, command, stdin),
    });
    setSigns(made, letters);
    return made;
  };
  if (letters.has('i')) return await inPlace(call, whole, argv, letters, perlOf);
  const { stdout, stderr, exitCode } = await perlOf(argv).run(whole, isLines ? lineOptions(letters) : undefined);
  return { stdout, stdoutKind: 'bytes', stderr: Buffer.from(stderr, 'latin1').toString('utf8'), exitCode };
}

type Perl = ReturnType<typeof createPerl>;

function setSigns({ runtime: { globals } }: Perl, letters: ReadonlyMap<string, string>): void {
  if (letters.has('l')) cellOf(globals, '\\').value = '\n';
  const end = letters.get('0');
  if (end !== undefined)
    cellOf(globals, '/').value =
      end === '777' ? undefined : end === '0' ? '' : String.fromCharCode(Number.parseInt(end || '0', 8));
}

function lineOptions(letters: ReadonlyMap<string, string>): LineOptions {
  const by = letters.get('F')?.replace(/^\/(.*)\/$/, '$1');
  return {
    isPrinting: letters.has('p'),
    trims: letters.has('l'),
    splitBy: by ?? (letters.has('a') ? ' ' : undefined),
    inPlace: letters.has('i'),
  };
}

/** `-i`: each file becomes what was said while it was read. */
async function inPlace(
  call: Call,
  text: string,
  files: readonly string[],
  letters: ReadonlyMap<string, string>,
  perlOf: (rest: readonly string[]) => Perl,
): Promise<Result> {
  const { machine, shell } = call;
  let stderr = '';
  let exitCode = 0;
  for (const name of files) {
    const old = wholeFile(call, name);
    if (!old) {
      stderr += `Can't open ${name}: No such file or directory.\n`;
      continue;
    }
    const done = await perlOf([name]).run(text, lineOptions(letters));
    const path = shell.fs.resolvePath(shell.cwd, name);
    const kept = letters.get('i') ?? '';
    if (kept !== '') machine.world.write(`${path}${kept}`, old, machine.actor);
    machine.world.write(path, Buffer.from(done.stdout, 'latin1'), machine.actor);
    stderr += done.stderr;
    exitCode = done.exitCode;
  }
  return fail(Buffer.from(stderr, 'latin1').toString('utf8'), exitCode);
}

function programOf(
  call: Call,
  { text, rest }: Words,
): { text: string | undefined; file: string; argv: readonly string[] } {
  if (text !== undefined) return { text, file: '-e', argv: rest };
  const [file, ...argv] = rest;
  if (file === undefined || file === '-') return { text: call.stdin(), file: '-', argv };
  return { text: wholeFile(call, file)?.toString('utf8'), file, argv };
}

const takesRest = 'eEMmFiI0CdDxV';

/** perl's own words: `-lane TEXT`, `-pi.bak -e TEXT`, `-MSocket`. */
function readWords(args: readonly string[]): Words {
  const letters = new Map<string, string>();
  const texts: string[] = [];
  const uses: string[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (arg === '--version') letters.set('v', '');
    if (!/^-./.test(arg)) break;
    if (arg.startsWith('--')) continue;
    for (let place = 1; place < arg.length; place++) {
      const letter = arg[place] ?? '';
      const behind = arg.slice(place + 1);
      if (letter === 'l' || letter === '0') {
        const digits = /^[0-7xX]*/.exec(behind)?.[0] ?? '';
        letters.set(letter, digits);
        place += digits.length;
        continue;
      }
      if (!takesRest.includes(letter)) {
        letters.set(letter, '');
        continue;
      }
      if (letter === 'e' || letter === 'E') texts.push(behind === '' ? (args[++at] ?? '') : behind);
      else if (letter === 'M' || letter === 'm') uses.push(useOf(behind === '' ? (args[++at] ?? '') : behind));
      else if (letter === 'I') at += behind === '' ? 1 : 0;
      else letters.set(letter, letter === 'F' && behind === '' ? (args[++at] ?? '') : behind);
      break;
    }
  }
  return { letters, text: texts.length > 0 ? texts.join('\n') : undefined, uses, rest: args.slice(at) };
}

function useOf(module: string): string {
  const [name = '', list] = module.split('=');
  if (name.startsWith('-')) return `no ${name.slice(1)};`;
  return list === undefined ? `use ${name};` : `use ${name} split(/,/, q\0${list}\0);`;
}

function check(text: string, file: string): Result {
  try {
    readProgram(text);
    return { stderr: `${file} syntax OK\n` };
  } catch (error) {
    if (!(error instanceof PerlSyntax)) throw error;
    return fail(`syntax error at ${file} line ${error.line}, ${error.message}\n${file} had compilation errors.\n`, 255);
  }
}

async function runIn(call: Call, cwd: string, command: string, stdin?: string): Promise<Result> {
  const here = cwd === call.shell.cwd ? command : `cd ${quote(cwd)} && ${command}`;
  return await nested(call.shell, stdin === undefined ? here : `printf %s ${quote(stdin)} | { ${here}\n}`);
}

function versionText(version: string): string {
  const [, minor = '', patch = ''] = version.split('.');
  return `\nThis is perl 5, version ${minor}, subversion ${patch} (v${version}) built for x86_64-linux-gnu-thread-multi\n(with 57 registered patches, see perl -V for more detail)\n\nCopyright 1987-2022, Larry Wall\n\nPerl may be copied only under the terms of either the Artistic License or the\nGNU General Public License, which may be found in the Perl 5 source kit.\n\nComplete documentation for Perl, including FAQ lists, should be found on\nthis system using "man perl" or "perldoc perl".  If you have access to the\nInternet, point your browser at https://www.perl.org/, the Perl Home Page.\n\n`;
}
