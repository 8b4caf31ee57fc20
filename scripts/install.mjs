// Plain JavaScript for any Node from 18, without dependencies: it runs before there are any.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagedNode as findPackagedNode } from '../engine/bin/launch.mjs';

/**
 * The places of package-lock.json that node_modules lacks, or has in another version. npm writes down what it installed
 * in node_modules/.package-lock.json, at the end of an install, so a torn one shows too. `required` cannot be done
 * without; `optional` are the packages for this machine (compilers, PostgreSQL, Node), which npm leaves out silently when
 * it runs on a Node that is too old for them.
 */
export function findMissing(lockText, installedText, machine = thisMachine()) {
  const wanted = Object.entries(readPackages(lockText)).filter(([place]) => place.includes('node_modules/'));
  const installed = readPackages(installedText);
  const missing = wanted.filter(([place, entry]) => {
    const there = installed[place];
    return there === undefined || (there.version !== entry.version && entry.link !== true);
  });
  const isOptional = ([place, entry]) =>
    installed[place] === undefined && (entry.optional === true || entry.devOptional === true || entry.peer === true);
  return {
    required: missing.filter((each) => !isOptional(each)).map(([place]) => place),
    optional: missing.filter((each) => isOptional(each) && isFor(machine, each[1])).map(([place]) => place),
  };
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
export function ensureInstalled(root, { say = sayAloud, runNpm = runRealNpm, findNode = packagedNode } = {}) {
  const before = look(root);
  if (isWhole(before)) return true;
  say('Installing the packages that package-lock.json names; the first time takes a minute or two …');
  const start = Date.now();
  let last = { isDone: false, output: '' };
  for (const command of installCommands(existsSync(join(root, 'node_modules')))) {
    last = runNpm(root, command, process.execPath);
    if (last.isDone) break;
  }
  // Our own Node is there now, and it is not too old for what npm left out.
  const node = last.isDone && look(root).optional.length > 0 ? findNode(root) : undefined;
  if (node !== undefined && node !== process.execPath) runNpm(root, installCommands(true)[0], node);
  if (last.isDone) {
    say(`Installed in ${Math.round((Date.now() - start) / 1000)} s.`);
    return true;
  }
  const isUsable = before.required.length === 0;
  say(
    `${last.output.trim()}\nnpm could not install the packages (its reason stands above). ${isUsable ? `It goes on without ${before.optional.join(', ')}.` : 'It needs its registry once; run this again with a network.'}`,
  );
  return isUsable;
}

function look(root) {
  const lockText = readIfThere(join(root, 'package-lock.json'));
  return findMissing(lockText, readIfThere(join(root, 'node_modules', '.package-lock.json')));
}

function isWhole({ required, optional }) {
  return required.length === 0 && optional.length === 0;
}

/**
 * Whether an entry is made for this machine: its os, cpu and libc, as npm writes them (`!win32` excludes), admit it. One
 * that names neither os nor cpu is not: it belongs to another optional package, mostly one for another machine.
 */
function isFor(machine, entry) {
  if (entry.os === undefined && entry.cpu === undefined) return false;
  return ['os', 'cpu', 'libc'].every((key) => {
    const names = [entry[key] ?? []].flat();
    if (names.includes(`!${machine[key]}`)) return false;
    return names.every((name) => name.startsWith('!')) || names.includes(machine[key]);
  });
}

function thisMachine() {
  const isGlibc = process.report?.getReport().header.glibcVersionRuntime !== undefined;
  return { os: process.platform, cpu: process.arch, libc: isGlibc ? 'glibc' : 'musl' };
}

function runRealNpm(root, args, node) {
  // What is installed must be readable for the ordinary user that the embedded database runs as when we are root.
  const before = process.umask(0o022);
  try {
    const [command, ...first] = npmCommand(node);
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

/** The npm that runs us, else the one on the path; under `node` where its script is found. */
function npmCommand(node) {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'));
  const found = [process.env.npm_execpath, ...onPath].find((path) => path && existsSync(path));
  const script = found && realpathSync(found);
  return script?.endsWith('.js') ? [node, script] : ['npm'];
}

function readPackages(text) {
  try {
    return JSON.parse(text).packages ?? {};
  } catch {
    return {};
  }
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function packagedNode(root) {
  return findPackagedNode(pathToFileURL(join(root, 'package.json')).href);
}

function sayAloud(text) {
  process.stdout.write(`${text}\n`);
}
