import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './support.ts';

const modelsVersion = '5.1.0';

/**
 * Claim: the chart is sound, and every manifest that it renders fits Kubernetes' schemas (of the npm package kubernetes-models).
 * Needs `helm` on the path (`go install helm.sh/helm/v3/cmd/helm@v3.18.4`) and python3-yaml.
 */
export async function proveHelm(): Promise<object> {
  const chart = join(root, 'deploy', 'helm');
  run('helm', ['lint', '--strict', chart]);
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-helm-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    run('npm', ['install', ...quiet, `kubernetes-models@${modelsVersion}`], { cwd: folder });
    const packages = join(folder, 'node_modules', 'kubernetes-models');
    const checked: string[] = [];
    for (const options of variants) {
      for (const manifest of render(chart, options)) checked.push(await validate(manifest, packages));
    }
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
  [],
  ['--set', 'decoy.enabled=true'],
  ['--set', 'ml.enabled=false', '--set', 'engine.environment.CERBERUS_DRY_RUN=true'],
];

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

function render(chart: string, options: readonly string[]): Manifest[] {
  const text = run('helm', ['template', 'mesh', chart, ...options]);
  const script = 'import json, sys, yaml; json.dump([d for d in yaml.safe_load_all(sys.stdin) if d], sys.stdout)';
  return JSON.parse(run('python3', ['-c', script], { input: text, stdio: 'pipe' }));
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
