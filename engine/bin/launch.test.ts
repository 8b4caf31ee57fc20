import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagedNode, runsTypeScript } from './launch.mjs';

const bin = fileURLToPath(new URL('.', import.meta.url));
const packaged: string | undefined = packagedNode();
const oldNode = findOldNode();

// The real launcher in a checkout of its own, whose cli.ts says what happens to it.
let root: string;
let cerberus: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cerberus launch '));
  cpSync(bin, join(root, 'engine', 'bin'), { recursive: true });
  mkdirSync(join(root, 'engine', 'src'), { recursive: true });
  writeFileSync(join(root, 'engine', 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'engine', 'src', 'cli.ts'), cli);
  cerberus = join(root, 'engine', 'bin', 'cerberus.mjs');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cli = `
import { text } from 'node:stream/consumers';
export async function main(argv: string[]): Promise<number> {
  const say = (value: object) => process.stdout.write(JSON.stringify(value) + '\\n');
  if (argv[0] === 'wait') {
    process.on('SIGTERM', () => { say({ heard: 'SIGTERM' }); process.exit(7); });
    process.on('SIGINT', () => { say({ heard: 'SIGINT' }); process.exit(8); });
    setInterval(() => {}, 1000);
    say({ pid: process.pid });
    return new Promise(() => {});
  }
  say({ argv, version: process.version, input: await text(process.stdin), mark: process.env.CERBERUS_LAUNCHED ?? null });
  return Number(argv[0]);
}
`;

describe.skipIf(oldNode === undefined || packaged === undefined)('on a Node that does not run TypeScript', () => {
  beforeAll(() => {
    mkdirSync(join(root, 'node_modules'), { recursive: true });
    const place = dirname(dirname(packaged ?? ''));
    symlinkSync(place, join(root, 'node_modules', `node-${process.platform}-${process.arch}`));
  });

  it('the packaged Node runs the command: arguments with blanks, standard input and the exit code are kept', () => {
    const done = run(oldNode, ['3', 'two words', '--flag'], 'typed');
    expect(JSON.parse(done.stdout)).toEqual({
      argv: ['3', 'two words', '--flag'],
      version: spawnSync(packaged ?? '', ['--version'], { encoding: 'utf8' }).stdout.trim(),
      input: 'typed',
      mark: null,
    });
    expect(done).toMatchObject({ status: 3, stderr: '' });
  });

  it.each([
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const)('%s is passed on, and the exit code is the command’s', async (signal, code) => {
    const { launcher, lines } = await startWaiting();
    launcher.kill(signal);
    expect((await lines.next()).value).toBe(JSON.stringify({ heard: signal }));
    expect(await exitOf(launcher)).toBe(code);
  });

  it('a launcher that is killed outright leaves no command behind', async () => {
    const { launcher, lines } = await startWaiting();
    launcher.kill('SIGKILL');
    // The command's own last word: it saw its launcher go.
    expect((await lines.next()).value).toBe(JSON.stringify({ heard: 'SIGTERM' }));
    expect((await lines.next()).done).toBe(true);
  });
});

describe('on a Node that runs TypeScript', () => {
  it('the command runs in the same process', () => {
    const done = run(process.execPath, ['0'], '');
    expect(JSON.parse(done.stdout)).toMatchObject({ argv: ['0'], version: process.version });
    expect(done).toMatchObject({ status: 0, stderr: '' });
  });
});

it.skipIf(oldNode === undefined)('where no Node fits, one sentence says what to do', () => {
  const lonely = mkdtempSync(join(tmpdir(), 'cerberus-lonely-'));
  cpSync(bin, join(lonely, 'bin'), { recursive: true });
  const done = spawnSync(oldNode ?? '', [join(lonely, 'bin', 'cerberus.mjs'), 'up'], { encoding: 'utf8' });
  rmSync(lonely, { recursive: true, force: true });
  expect(done).toMatchObject({ status: 1, stdout: '' });
  expect(done.stderr).toMatch(/^cerberus needs Node 22\.18 or newer, this is v\d+[^\n]+\n$/);
});

it.each([
  ['18.20.8', false],
  ['20.20.2', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['24.21.0', true],
  ['26.0.0', true],
])('Node %s runs TypeScript: %s', (version, expected) => {
  expect(runsTypeScript(version)).toBe(expected);
});

function run(node: string | undefined, args: string[], input: string) {
  return spawnSync(node ?? '', [cerberus, ...args], { encoding: 'utf8', input });
}

async function startWaiting(): Promise<{ launcher: ChildProcess; lines: AsyncIterator<string> }> {
  const launcher = spawn(oldNode ?? '', [cerberus, 'wait'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: launcher.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toContain('pid');
  return { launcher, lines };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** A Node of the machine itself that is too old; npm puts the packaged one before it on the path. */
function findOldNode(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path))
    .find((path) => !runsTypeScript(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)));
}
