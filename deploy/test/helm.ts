import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './support.ts';

const modelsVersion = '5.1.0';
/** Helm 4's own library, as a Python package: no binary is needed. */
const helmVersion = '0.2.2';

/**
 * Claim: the chart is sound, and every manifest that it renders fits Kubernetes' schemas (of the npm package kubernetes-models).
 * Needs python3-venv.
 */
export async function proveHelm(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-helm-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    run('npm', ['install', ...quiet, `kubernetes-models@${modelsVersion}`], { cwd: folder });
    const packages = join(folder, 'node_modules', 'kubernetes-models');
    const checked: string[] = [];
    for (const manifest of renderAll(folder)) checked.push(await validate(manifest, packages));
    // A schema that takes everything would make this worthless.
    const broken = { apiVersion: 'v1', kind: 'Service', spec: { ports: 'none' } };
    const refused = await validate(broken, packages).catch(() => 'refused');
    if (refused !== 'refused') throw new Error('A Service without ports was taken: no schema is held.');
    return { manifests: checked.length, kinds: [...new Set(checked)].sort() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const variants = [
  {},
  { decoy: { enabled: true } },
  { ml: { enabled: false }, engine: { environment: { CERBERUS_DRY_RUN: 'true' } } },
];

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

/** @throws with what `helm lint --strict` finds. */
function renderAll(folder: string): Manifest[] {
  const python = join(folder, 'venv', 'bin', 'python');
  run('python3', ['-m', 'venv', join(folder, 'venv')]);
  run(python, ['-m', 'pip', 'install', '--quiet', `helm-python-sdk==${helmVersion}`, 'pyyaml']);
  const script = join(import.meta.dirname, 'render-chart.py');
  const values = variants.map((each) => JSON.stringify(each));
  return JSON.parse(run(python, [script, join(root, 'deploy', 'helm'), ...values])).flat();
}

/** @returns its kind. @throws with what does not fit. */
async function validate(manifest: Manifest, packages: string): Promise<string> {
  const { apiVersion, kind } = manifest;
  const models = await import(pathToFileURL(join(packages, apiVersion, 'index.js')).href);
  try {
    new models[kind](manifest).validate();
  } catch (error) {
    throw new Error(`${apiVersion} ${kind}: ${String(error)}`, { cause: error });
  }
  return kind;
}
