import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readsEnvironment = "export const port = process.env['PORT'];\n";
const examples = [
  ['noConsole', 'engine/src/serve/console.ts', "console.log('seen');\n"],
  ['noProcessEnv', 'engine/src/serve/environment.ts', readsEnvironment],
  ['noExplicitAny', 'engine/src/serve/any.ts', 'export const x: any = 1;\n'],
  ['noNonNullAssertion', 'engine/src/serve/bang.ts', 'export const first = (list: string[]) => list[0]!;\n'],
  ['noFloatingPromises', 'engine/src/serve/floating.ts', 'export async function f() {}\nf();\n'],
  ['noImportCycles', 'engine/src/serve/a.ts', "import { b } from './b.ts';\nexport const a = () => b;\n"],
  ['noImportCycles', 'engine/src/serve/b.ts', "import { a } from './a.ts';\nexport const b = () => a;\n"],
] as const;

// The project's rules on a tree with one file against each.
let findings: { rule: string; path: string }[];
beforeAll(() => {
  const tree = mkdtempSync(join(tmpdir(), 'cerberus-lint-'));
  copyFileSync(join(root, 'biome.json'), join(tree, 'biome.json'));
  for (const [, path, text] of [...examples, ['', 'engine/src/config.ts', readsEnvironment] as const]) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  }
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--vcs-enabled=false', '--reporter=json', '.'];
  const done = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
  rmSync(tree, { recursive: true, force: true });
  findings = readFindings(done.stdout);
});

it.each(examples)('lint refuses what %s forbids', (rule, path) => {
  expect(findings).toContainEqual({ rule, path });
});

it('lint lets config.ts read the environment', () => {
  expect(findings.filter(({ path }) => path === 'engine/src/config.ts')).toEqual([]);
});

function readFindings(json: string): { rule: string; path: string }[] {
  const { diagnostics } = JSON.parse(json);
  return diagnostics.map((found: { category: string; location: { path: unknown } }) => ({
    rule: found.category.split('/').at(-1),
    path: pathOf(found.location.path),
  }));
}

/** Biome's JSON report names a file plainly in some versions and as `{ file }` in others. */
function pathOf(path: unknown): string {
  const name = typeof path === 'object' && path !== null && 'file' in path ? path.file : path;
  return String(name).replace(/^\.\//, '');
}
