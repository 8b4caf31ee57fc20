// `npm test [-- vitest's arguments]`: installs what the tests need, then types, lint and all tests, each to its end.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedNode, runsTypeScript } from '../engine/bin/launch.mjs';
import { ensureDashboard } from './dashboard.mjs';
import { ensureInstalled } from './install.mjs';
import { ensureTestParts } from './test-parts.mjs';
import { countTests, describeCounts } from './test-report.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.exitCode = runTests(process.argv.slice(2));

function runTests(vitestArguments) {
  if (!ensureInstalled(root, { forTests: true, say })) return 1;
  const own = runsTypeScript(process.versions.node) ? process.execPath : undefined;
  // CI says `own`, to test on each Node that is supported.
  const node = (process.env.CERBERUS_TEST_NODE === 'own' ? own : undefined) ?? packagedNode() ?? own;
  if (node === undefined) {
    say(
      `The tests need Node 22.18 or newer, this is ${process.version}, and npm has no packaged Node 24 for this machine.`,
    );
    return 1;
  }
  const parts = ensureTestParts(root, say);
  if (parts === undefined) return 1;

  if (!ensureDashboard(root, { say })) return 1;

  const reportPath = join(root, '.test-parts', 'vitest.json');
  mkdirSync(join(root, '.test-parts'), { recursive: true });
  rmSync(reportPath, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const steps = [
    { title: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
    { title: "the dashboard's types", args: ['node_modules/typescript/bin/tsc', '-p', 'dashboard'] },
    { title: 'lint', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'] },
    { title: 'arrows', args: ['scripts/check-arrows.mjs'] },
    { title: 'tests', args: ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...vitestArguments] },
  ];
  const results = steps.map(({ title, args }) => ({ title, isDone: runStep(node, title, args, parts) }));
  const isDone = results.every((step) => step.isDone);
  say(`\n${results.map((step) => `${step.title}: ${step.isDone ? 'passed' : 'FAILED'}`).join(', ')}`);
  say(describeCounts(countTests(readReport(reportPath), results.at(-1).isDone)));
  return isDone ? 0 : 1;
}

function runStep(node, title, args, parts) {
  say(`\n=== ${title}`);
  const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  const done = spawnSync(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...parts, PATH: path } });
  if (done.error) say(String(done.error));
  return done.status === 0;
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
