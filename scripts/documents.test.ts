import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

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

it.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/operations.md', 'docs/errors.md', 'docs/tour.md'])(
  'every file that %s points to is there',
  (document) => {
    const folder = document.includes('/') ? 'docs/' : '';
    const targets = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => `${folder}${target}`);
    expect(targets.filter((target) => !existsSync(place(target)))).toEqual([]);
  },
);

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
