// `npm run build`, and before `npm start` and `npm test`: makes dashboard/dist where it is missing or older than its
// sources. Plain JavaScript for any Node from 18.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packagedNode } from '../engine/bin/launch.mjs';

// The contract too: the search language is read by the same code here and there.
const sources = [
  'src',
  '../contract/src',
  'public',
  'index.html',
  'replay.html',
  'vite.config.ts',
  'vite-plugins.ts',
  'package.json',
];

/** Returns false, with the reason told, where it cannot be built; all but the page at `/` works without. */
export function ensureDashboard(root, { say = sayAloud, build = runVite } = {}) {
  const folder = join(root, 'dashboard');
  const built = changedMs(join(folder, 'dist', 'index.html'));
  if (sources.every((source) => changedMs(join(folder, source)) < built)) return true;
  say('Building the dashboard …');
  const failure = build(root);
  if (failure === undefined) return true;
  say(`${failure.trim()}\nThe dashboard could not be built (the reason stands above).`);
  return false;
}

/** Of a file, or of what was last changed in a folder; 0 where there is none. */
function changedMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedMs(join(path, name))));
}

function runVite(root) {
  const node = packagedNode(pathToFileURL(join(root, 'package.json')).href) ?? process.execPath;
  const done = spawnSync(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'dashboard'),
    // Built by a test it would be React's development build, half again as large and slower, and stay for `npm start`.
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  return done.status === 0 ? undefined : String(done.error ?? `${done.stdout}${done.stderr}`);
}

function sayAloud(text) {
  process.stdout.write(`${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = ensureDashboard(fileURLToPath(new URL('..', import.meta.url))) ? 0 : 1;
}
