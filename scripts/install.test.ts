import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureInstalled, isInstalled } from './install.mjs';

const wanted = lock({
  '': { version: '1.0.0' },
  engine: { version: '0.1.0' },
  'node_modules/@cerberusmesh/engine': { link: true },
  'node_modules/pino': { version: '10.4.0' },
  'engine/node_modules/pino': { version: '9.0.0' },
  'node_modules/node-darwin': { version: '24.0.0', optional: true },
});
const installed = {
  'node_modules/@cerberusmesh/engine': { link: true },
  'node_modules/pino': { version: '10.4.0' },
  'engine/node_modules/pino': { version: '9.0.0' },
};

describe('what is installed', () => {
  it('is enough when every package that is not optional is there in its version', () => {
    expect(isInstalled(wanted, lock(installed))).toBe(true);
  });

  it.each([
    ['nothing is there', ''],
    ["npm's list is cut", lock(installed).slice(0, 40)],
    ['a package has another version', lock({ ...installed, 'node_modules/pino': { version: '10.3.0' } })],
    ['a nested package is missing', lock({ ...installed, 'engine/node_modules/pino': undefined })],
    ['a workspace is not linked', lock({ ...installed, 'node_modules/@cerberusmesh/engine': undefined })],
    [
      'an optional package has another version',
      lock({ ...installed, 'node_modules/node-darwin': { version: '22.0.0' } }),
    ],
  ])('is not enough when %s', (_, text) => {
    expect(isInstalled(wanted, text)).toBe(false);
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
    expect(asked).toEqual([expect.stringMatching(/^ci --ignore-scripts /)]);
  });

  it('falls back to npm install where npm ci refuses the lock', () => {
    expect(install([false, true]).isReady).toBe(true);
    expect(asked).toEqual([
      expect.stringMatching(/^ci /),
      expect.stringMatching(/^install --no-save --ignore-scripts /),
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

  function install(answers: boolean[]): { isReady: boolean; said: string } {
    const said: string[] = [];
    const isReady = ensureInstalled(root, {
      say: (text: string) => said.push(text),
      runNpm(_: string, args: string[]) {
        asked.push(args.join(' '));
        return { isDone: answers[asked.length - 1] === true, output: 'no network' };
      },
    });
    return { isReady, said: said.join('\n') };
  }
});

function lock(packages: Record<string, object | undefined>): string {
  return JSON.stringify({ lockfileVersion: 3, packages });
}
