import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const programFolders = [
  'bench',
  'contract',
  'dashboard/src',
  'decoys',
  'deploy',
  'docs',
  'engine',
  'examples',
  'policy',
];
const programFiles = [...programFolders, 'recordings', 'scripts', 'sensors'].flatMap((folder) =>
  readdirSync(place(folder), { recursive: true, encoding: 'utf8' }).map((path) => `/${folder}/${path}`),
);

it('every dependency is defended in docs/decisions/dependencies.md, and none that is gone', () => {
  const defended = [...read('docs/decisions/dependencies.md').matchAll(/^\| `([^`]+)` \| \S/gm)].map(
    ([, name]) => name,
  );
  expect(defended.sort()).toEqual([...new Set(allDependencies())].sort());
});

it('every reason for parking a line is explained in docs/operations.md', () => {
  const reasons = /type ParkReason =([^;]+);/.exec(read('contract/src/raw-line.ts'))?.[1]?.match(/\w+/g) ?? [];
  expect(reasons.length).toBeGreaterThan(5);
  for (const reason of reasons) expect(read('docs/operations.md')).toContain(`| \`${reason}\` |`);
});

it.each(documents())('every file that %s points to, and every program file that it names, is there', (document) => {
  const folder = document.slice(0, document.lastIndexOf('/') + 1);
  const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => `${folder}${target}`);
  expect(targets.filter((target) => !existsSync(place(target)))).toEqual([]);
  const named = [...read(document).matchAll(/`([\w./-]+\.(?:ts|tsx|mjs|py))`/g)].map(([, name]) => `/${name}`);
  expect(named.filter((name) => !programFiles.some((path) => path.endsWith(name)))).toEqual([]);
});

it.each(documents())('every heading that %s points to is there', (document) => {
  const folder = document.slice(0, document.lastIndexOf('/') + 1);
  const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
  const missing = targets.filter(([, file = '', heading = '']) => {
    const target = file === '' ? document : `${folder}${file}`;
    return target.endsWith('.md') && !headingsOf(read(target)).includes(heading);
  });
  expect(missing.map(([link]) => link)).toEqual([]);
});

it('every folder that ARCHITECTURE.md names is there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`((?:[\w.-]+\/)+)`/g)].map(([, name]) => `/${name}`);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !programFiles.some((path) => path.includes(name)))).toEqual([]);
});

/** As GitHub makes anchors of them. */
function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function documents(): string[] {
  const pages = ['docs', 'docs/decisions'].flatMap((folder) =>
    readdirSync(place(folder)).map((name) => `${folder}/${name}`),
  );
  return ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...pages].filter((path) =>
    path.endsWith('.md'),
  );
}

function allDependencies(): string[] {
  return [
    'package.json',
    'contract/package.json',
    'dashboard/package.json',
    'decoys/package.json',
    'engine/package.json',
  ].flatMap((path) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(path));
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  });
}

function read(path: string): string {
  return readFileSync(place(path), 'utf8');
}

function place(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
