import { join } from 'node:path';
import { root, run } from './support.ts';

const actionlint = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';
const zizmor = 'zizmor==1.32.0';

/**
 * actionlint for what GitHub would refuse, zizmor for what would let somebody in (unpinned actions, wide permissions, tokens that stay).
 * @param folder - Where zizmor may be installed. @throws Error with what they found.
 */
export function lintWorkflows(folder: string): Record<string, string> {
  const workflows = ['release', 'security', 'test'].map((name) => `.github/workflows/${name}.yml`);
  return { actionlint: lintForm(workflows), zizmor: lintSafety(folder) };
}

function lintForm(workflows: readonly string[]): string {
  if (!isThere('go')) return 'not here: it is built by Go, which this machine lacks';
  run('go', ['run', actionlint, ...workflows], { cwd: root });
  return 'no finding';
}

function lintSafety(folder: string): string {
  const place = join(folder, 'zizmor');
  run('python3', ['-m', 'venv', place]);
  run(join(place, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', zizmor]);
  run(join(place, 'bin/zizmor'), ['--offline', '--no-progress', '--format=plain', '.github'], { cwd: root });
  return 'no finding';
}

function isThere(program: string): boolean {
  try {
    run('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}
