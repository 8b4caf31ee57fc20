import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { createProgram } from '../../engine/src/cli.ts';
import { type DocumentedCommand, rootDir, simpleCommands } from './commands-of.ts';

const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(rootDir, 'package.json'), 'utf8'),
).scripts;

/** Its arguments are those that it takes: it is not carried out. */
class Understood extends Error {}

/** What is wrong with a command of a document, as far as can be told without running it; null where nothing is. */
export async function findFault({ text, isTyped }: DocumentedCommand): Promise<string | null> {
  for (const words of simpleCommands(text)) {
    const fault = await faultOf(words, isTyped);
    if (fault !== null) return fault;
  }
  return null;
}

async function faultOf([program = '', ...words]: readonly string[], isTyped: boolean): Promise<string | null> {
  if (program === 'cerberus' || program === 'cerberusmesh') return await faultOfCerberus(words, isTyped);
  if (program === 'npm') return faultOfNpm(words);
  if (program === 'vitest' || program === 'sh') return faultOfPath(words);
  return null;
}

function faultOfNpm([verb = '', name = '', dashes, ...rest]: readonly string[]): string | null {
  const script = verb === 'run' ? name : verb === 'start' || verb === 'test' ? verb : null;
  if (script === null) return null;
  if (!(script in scripts)) return `package.json has no script ${script}`;
  const file = { bench: 'bench/run.ts', 'deploy-test': 'deploy/test/run.ts' }[script];
  if (file === undefined || dashes === undefined) return null;
  const text = readFileSync(join(rootDir, file), 'utf8');
  const unknown = (rest[0] ?? '').split('|').filter((proof) => !new RegExp(`^ +'?${proof}'?[:,]`, 'm').test(text));
  return unknown.length > 0 ? `${file} knows no ${unknown.join(', ')}` : null;
}

function faultOfPath(words: readonly string[]): string | null {
  const missing = words.filter((word) => /^[\w.]+\//.test(word) && !existsSync(join(rootDir, word)));
  return missing.length > 0 ? `there is no ${missing.join(', ')}` : null;
}

async function faultOfCerberus(words: readonly string[], isTyped: boolean): Promise<string | null> {
  const said = new PassThrough();
  const program = await createProgram(words[0], { stdin: new PassThrough(), stdout: said, stderr: said });
  if (
    words.length > 0 &&
    !program.commands.some((command) => command.name() === words[0]) &&
    !words[0]?.startsWith('-')
  )
    return `there is no cerberus ${words[0]}`;
  if (!isTyped) return faultOfNamed(program, words);
  program.hook('preAction', () => {
    throw new Understood();
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof Understood) return null;
    return error instanceof Error ? error.message : String(error);
  }
}

/** A sentence leaves arguments out and writes `[--json]` and `a|b`: what it names must be there. */
function faultOfNamed(program: Command, words: readonly string[]): string | null {
  const found: Command[] = [program];
  for (const word of words) {
    const next = found.at(-1)?.commands.find((command) => command.name() === word);
    if (next) found.push(next);
  }
  const options = words.flatMap((word) => /--[\w-]+/.exec(word) ?? []);
  const known = found.flatMap((command) => command.options.map(({ long }) => long));
  const unknown = options.filter((option) => option !== '--help' && !known.includes(option));
  return unknown.length > 0 ? `${found.at(-1)?.name()} has no ${unknown.join(', ')}` : null;
}
