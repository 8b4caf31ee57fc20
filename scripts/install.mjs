// Plain JavaScript for any Node from 18, without dependencies: it runs before there are any. By itself it installs everything,
// for the scripts of package.json that need more than a start does.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packagedNode as findPackagedNode, runsTypeScript } from '../engine/bin/launch.mjs';

/**
 * The places of package-lock.json that node_modules lacks, or has in another version. npm writes down what it installed
 * in node_modules/.package-lock.json, at the end of an install, so a torn one shows too. `required` cannot be done
 * without; `optional` are the packages for this machine (compilers, PostgreSQL, Node), which npm leaves out silently when
 * it runs on a Node that is too old for them.
 */
export function findMissing(lockText, installedText, machine = thisMachine(), isWanted = () => true) {
  const wanted = Object.entries(readPackages(lockText)).filter(
    ([place, entry]) => place.includes('node_modules/') && isWanted(place, entry),
  );
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
 * Which packages of the lock are wanted, and how npm is asked for those alone. For a start neither what only tests, types and
 * lint need (the lock calls it `dev`) nor our own Node, which only the root names, where the running one will do: 487 of
 * 856 MB. Where the rest is there already it stays wanted, because npm would remove it.
 */
export function selectPackages(lockText, installedText, { forTests, needsNode }) {
  const packages = readPackages(lockText);
  const isForWork = Object.keys(readPackages(installedText)).some((place) => packages[place]?.dev === true);
  if (forTests || isForWork) return { isWanted: () => true, options: [] };
  const { workspaces = [], optionalDependencies = {} } = packages[''] ?? {};
  const nodes = Object.keys(optionalDependencies).map((name) => `node_modules/${name}`);
  return {
    isWanted: (place, { dev }) => dev !== true && (needsNode || !nodes.includes(place)),
    options: [
      '--omit=dev',
      ...workspaces.map((name) => `--workspace=${name}`),
      ...(needsNode ? ['--include-workspace-root'] : []),
    ],
  };
}

/**
 * What npm is asked to do, in order, until one succeeds. On a fresh checkout `npm ci`, from npm's cache where that has all; it
 * refuses a lock from which a registry's missing packages for other platforms were dropped (npm/cli#8320), and `npm
 * install` does not. Where there is a node_modules already, never `npm ci`: it empties the folder first, and without a
 * network nothing would be left.
 */
export function installCommands(hasModules, options = []) {
  const quiet = [...options, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = ['install', '--no-save', ...quiet];
  return hasModules ? [install] : [['ci', '--prefer-offline', ...quiet], install];
}

/** Installs below `root` what is missing for a start, or for the tests. Returns false, with the reason told, where that is not possible. */
export function ensureInstalled(
  root,
  {
    forTests = false,
    say = sayAloud,
    runNpm = runRealNpm,
    findNode = packagedNode,
    version = process.versions.node,
  } = {},
) {
  const wanted = { forTests, needsNode: !runsTypeScript(version) };
  const before = look(root, wanted);
  if (isWhole(before)) return true;
  say('Installing the packages that package-lock.json names; the first time takes a minute or two …');
  const start = Date.now();
  let last = { isDone: false, output: '' };
  for (const command of installCommands(existsSync(join(root, 'node_modules')), before.options)) {
    last = runNpm(root, command, process.execPath);
    if (last.isDone) break;
  }
  // Our own Node is there now, and it is not too old for what npm left out.
  const node = last.isDone && look(root, wanted).optional.length > 0 ? findNode(root) : undefined;
  if (node !== undefined && node !== process.execPath) runNpm(root, installCommands(true, before.options)[0], node);
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

function look(root, wanted) {
  const lockText = readIfThere(join(root, 'package-lock.json'));
  const installedText = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  const { isWanted, options } = selectPackages(lockText, installedText, wanted);
  return { ...findMissing(lockText, installedText, thisMachine(), isWanted), options };
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = ensureInstalled(fileURLToPath(new URL('..', import.meta.url)), { forTests: true }) ? 0 : 1;
}
