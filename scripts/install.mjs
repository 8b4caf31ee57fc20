// Plain JavaScript for any Node from 18, without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes down what it installed in
 * node_modules/.package-lock.json, at the end of an install, so a torn one shows too. Optional packages may be missing:
 * most are for other platforms.
 */
export function isInstalled(lockText, installedText) {
  const wanted = readPackages(lockText);
  const installed = readPackages(installedText);
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.includes('node_modules/')) return true;
    const there = installed[place];
    if (there === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return there.version === entry.version;
  });
}

/**
 * What npm is asked to do, in order, until one succeeds. On a fresh checkout `npm ci`; it refuses a lock from which a
 * registry's missing packages for other platforms were dropped (npm/cli#8320), and `npm install` does not. Where there
 * is a node_modules already, never `npm ci`: it empties the folder first, and without a network nothing would be left.
 */
export function installCommands(hasModules) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = ['install', '--no-save', ...quiet];
  return hasModules ? [install] : [['ci', ...quiet], install];
}

/** Installs what is missing below `root`. Returns false, with the reason told, where that is not possible. */
export function ensureInstalled(root, { say = sayAloud, runNpm = runRealNpm } = {}) {
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  const lockText = readIfThere(join(root, 'package-lock.json'));
  if (isInstalled(lockText, readIfThere(installedPath))) return true;
  say('Installing the packages that package-lock.json names; the first time takes a minute or two …');
  const start = Date.now();
  let complaint = '';
  for (const command of installCommands(existsSync(join(root, 'node_modules')))) {
    const { isDone, output } = runNpm(root, command);
    if (isDone) {
      say(`Installed in ${Math.round((Date.now() - start) / 1000)} s.`);
      return true;
    }
    complaint = output;
  }
  say(
    `${complaint.trim()}\nnpm could not install the packages (its reason stands above). It needs its registry once; run this again with a network.`,
  );
  return false;
}

function runRealNpm(root, args) {
  // What is installed must be readable for the ordinary user that the embedded database runs as when we are root.
  const before = process.umask(0o022);
  try {
    const [command, ...first] = npmCommand();
    const done = spawnSync(command, [...first, ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
    return { isDone: done.status === 0, output: done.error ? String(done.error) : done.stderr };
  } finally {
    process.umask(before);
  }
}

/** The npm that runs us, else the one on the path. */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running?.endsWith('.js') && existsSync(running) ? [process.execPath, running] : ['npm'];
}

function readPackages(text) {
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function sayAloud(text) {
  process.stdout.write(`${text}\n`);
}
