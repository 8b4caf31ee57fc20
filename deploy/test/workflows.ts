import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readYaml, root, run } from './support.ts';
import { lintWorkflows } from './workflow-linters.ts';
import { lackOf, type Matrix, planStep, type Step } from './workflow-steps.ts';

interface Job {
  readonly steps?: readonly Step[];
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly (string | number)[]>> };
}

interface Told {
  readonly step: string;
  readonly outcome: 'passed' | 'FAILED' | 'not here';
  /** Why not here, what was done in its place, or the end of what it said. */
  readonly note?: string;
}

/**
 * `npm run deploy-test -- workflows [--whole] [--job WORDS]`, WORDS being a part of a job's title as it is printed (`test.yml suite 22`).
 *
 * Claim: the workflows are sound to linters, and each `run:` step that needs nothing of GitHub passes here, in a clean clone, on each Node and
 * PostgreSQL of its matrix. With `--whole` whole suites and proofs too, which takes hours. @throws where a step or linter fails.
 */
export async function proveWorkflows(): Promise<object> {
  const { whole: isWhole = false, job: wanted = '' } = parseArgs({
    options: { whole: { type: 'boolean' }, job: { type: 'string' } },
    args: process.argv.slice(3),
  }).values;
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-workflows-'));
  try {
    const linters = lintWorkflows(folder);
    const jobs: Record<string, Told[]> = {};
    for (const file of readdirSync(join(root, '.github/workflows'))) {
      const text = readFileSync(join(root, '.github/workflows', file), 'utf8');
      // `as`: whether it has the form of a workflow is what the linters say.
      const workflow = readYaml(text) as { readonly jobs: Readonly<Record<string, Job>> };
      for (const [name, job] of Object.entries(workflow.jobs))
        for (const matrix of combinationsOf(job)) {
          const title = [file, name, ...Object.values(matrix)].join(' ');
          if (!title.includes(wanted)) continue;
          process.stderr.write(`${title}\n`);
          jobs[title] = runJob(job, matrix, join(folder, title.replaceAll(/\W/g, '-')), isWhole);
        }
    }
    const failed = Object.entries(jobs).filter(([, steps]) => steps.some(({ outcome }) => outcome === 'FAILED'));
    process.stderr.write(`${JSON.stringify({ linters, jobs }, null, 2)}\n`);
    if (failed.length > 0) throw new Error(`Failed: ${failed.map(([title]) => title).join(', ')}.`);
    const told = Object.values(jobs).flat();
    return { linters, steps: told.length, passed: told.filter(({ outcome }) => outcome === 'passed').length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a runner does: a clean clone, the Node that is wanted, and nothing after the first step that fails. */
function runJob(job: Job, matrix: Matrix, folder: string, isWhole: boolean): Told[] {
  const clone = join(folder, 'clone');
  mkdirSync(folder);
  const told: Told[] = [];
  const env = { ...process.env, ...filled(job.env ?? {}, matrix) };
  let path = process.env['PATH'] ?? '';
  for (const step of job.steps ?? []) {
    const plan = planStep(step, matrix, isWhole);
    const title = step.name ?? step.run?.split('\n')[0] ?? step.uses ?? '';
    // As it goes: a step takes minutes, and whoever waits wants to see for what.
    if (plan.kind !== 'not here') process.stderr.write(`  ${new Date().toTimeString().slice(0, 8)} ${title}\n`);
    if (plan.kind === 'not here') {
      told.push({ step: title, outcome: 'not here', note: plan.why });
      continue;
    }
    try {
      if (plan.kind === 'checkout') run('git', ['clone', '--quiet', root, clone]);
      if (plan.kind === 'node') path = `${nodeOf(plan.major, folder)}${delimiter}${path}`;
      if (plan.kind === 'run') {
        const said = { ...env, ...filled(step.env ?? {}, matrix), PATH: path };
        run('bash', ['-e', '-o', 'pipefail', '-c', plan.script], {
          cwd: clone,
          env: said,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      }
      told.push({ step: title, outcome: 'passed', ...(plan.kind === 'run' && plan.note ? { note: plan.note } : {}) });
    } catch (error) {
      const note = endOf(error);
      const why = lackOf(note);
      told.push({ step: title, outcome: why === undefined ? 'FAILED' : 'not here', note: why ?? note });
      if (why === undefined) break;
    }
    if (matrix['node'] !== undefined && plan.kind === 'checkout')
      path = `${nodeOf(Number(matrix['node']), folder)}${delimiter}${path}`;
  }
  rmSync(folder, { recursive: true, force: true });
  return told;
}

/** Node as npm packages it. */
function nodeOf(major: number, folder: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--silent', `${name}@${major}`]);
  return join(folder, 'node_modules', name, 'bin');
}

function combinationsOf({ strategy }: Job): Matrix[] {
  let all: Matrix[] = [{}];
  for (const [key, values] of Object.entries(strategy?.matrix ?? {}))
    all = all.flatMap((one) => values.map((value) => ({ ...one, [key]: value })));
  return all;
}

/** GitHub's expressions, as far as ours use them; a secret is empty. */
function filled(env: Readonly<Record<string, string>>, matrix: Matrix): Record<string, string> {
  const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  const known: Record<string, string> = { 'github.ref_name': `v${version}` };
  for (const [key, value] of Object.entries(matrix)) known[`matrix.${key}`] = String(value);
  return Object.fromEntries(
    Object.entries(env).map(([key, text]) => [
      key,
      String(text).replaceAll(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => known[name] ?? ''),
    ]),
  );
}

function endOf(error: unknown): string {
  const said =
    error instanceof Error && 'stdout' in error && 'stderr' in error ? `${error.stdout}${error.stderr}` : error;
  return String(said).slice(-1500);
}
