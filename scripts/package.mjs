// `npm pack` calls this before (`lay-out`) and after (`put-back`): `dist/` is what is published, and for as long as npm reads
// package.json it is the package's and not the checkout's. Plain JavaScript for Node from 18, as npm may run any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedNode } from '../engine/bin/launch.mjs';
import { ensureDashboard } from './dashboard.mjs';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = join(root, 'package.json');
const keptManifest = join(root, 'package.checkout.json');

// A pack that was killed left the checkout's manifest aside.
if (existsSync(keptManifest)) renameSync(keptManifest, manifest);
if (process.argv[2] === 'lay-out') process.exitCode = layOut();

function layOut() {
  if (!ensureInstalled(root, { say }) || !ensureDashboard(root, { say })) return 1;
  const script = fileURLToPath(new URL('layout.mjs', import.meta.url));
  const made = spawnSync(packagedNode() ?? process.execPath, ['--no-warnings', script, join(root, 'dist')], {
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    say(`${made.error ?? made.stderr}`);
    return 1;
  }
  writeFileSync(keptManifest, readFileSync(manifest));
  writeFileSync(manifest, made.stdout);
  return 0;
}

/** Standard output is npm's: `npm pack --json` is read by programs. */
function say(text) {
  process.stderr.write(`${text}\n`);
}
