import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { commandsOf, listDocuments, readCommands, rootDir, simpleCommands } from './commands-of.ts';
import { findFault } from './find-fault.ts';

const commands = listDocuments().flatMap(readCommands);

describe('what the documents tell people to type', () => {
  it('is there, and so is what --help gives as examples: every subcommand, option, script, bench and file', async () => {
    expect(commands.filter(({ isTyped }) => isTyped).length).toBeGreaterThan(40);
    const { stdout } = await promisify(execFile)(process.execPath, [join(rootDir, 'docs/test/check.ts')]);
    expect(stdout).toBe('');
    // All subcommands are loaded there: three seconds, and a minute on a machine that is busy.
  }, 120_000);

  it('names no setting that the configuration does not have', () => {
    const known =
      read('deploy/config.example.ini') +
      read('deploy/.env.example') +
      read('engine/src/config/settings.ts') +
      elsewhere.join(' ');
    const unknown = listDocuments().flatMap((document) =>
      [...read(document).matchAll(/\bCERBERUS_[A-Z_]*[A-Z]\b/g)]
        .map(([name]) => name)
        .filter((name) => !new RegExp(`\\b(?:${name}|${name.replace(/_FILE$/, '')})\\b`).test(known))
        .map((name) => `${document}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  it.each([
    ['cerberus flyy', 'no cerberus flyy'],
    ['npx cerberus backup --chek FILE', 'unknown option'],
    ['npx cerberus backup', 'missing required argument'],
    ['npm run bnch -- start', 'no script bnch'],
    ['npm run bench -- strat', 'knows no strat'],
    ['npx vitest engine/src/normalise', 'there is no'],
  ])('%s would be found', async (text, fault) => {
    const [command] = commandsOf('x.md', `\`\`\`sh\n${text}\n\`\`\``);
    expect(command && (await findFault(command))).toContain(fault);
  });

  it('is read from blocks with what continues them, and with why it is not run', () => {
    const text =
      '<!-- docs-test: not run "npm test", because so -->\n```sh\nnpm test  # all\necho "a # b" |\n  npx cerberus assess\n```';
    const found = commandsOf('x.md', text);
    expect(found.map(({ notRun }) => notRun)).toEqual(['so', null]);
    expect(simpleCommands(found[1]?.text ?? '')).toEqual([
      ['echo', 'a # b'],
      ['cerberus', 'assess'],
    ]);
  });
});

/** Of the environment alone, or of tools beside the engine. */
const elsewhere = [
  'CERBERUS_HOME',
  'CERBERUS_API_TOKEN',
  'CERBERUS_CONFIG',
  'CERBERUS_MASTER_KEY',
  'CERBERUS_TEST_POSTGRES',
];

function read(path: string): string {
  return readFileSync(join(rootDir, path), 'utf8');
}
