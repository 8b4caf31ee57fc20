// Holds the arrows between folders: contract <- everything; kit <- stages; contract, kit <- pipeline.ts; all of it <- compose <- main.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const stages = ['collect', 'normalize', 'assess', 'store', 'decide', 'act', 'serve'];
const way = ['engine/src/pipeline.ts', 'engine/src/read-source.ts', 'engine/src/session-memory.ts'];

/**
 * The rules, first match counts: a file in `from` may import, of this project, only from `to`; where `packages` is
 * given, only these packages. Files not named here (main.ts, compose, commands, tests) build things and may import all.
 */
const rules = [
  // The one thing of the contract that is no shape: how long the shell parser that both sides read attackers with may take.
  { from: 'contract/src/parse-in-time.ts', to: [], packages: ['node:vm'] },
  { from: 'contract/src/', to: ['contract/src/'], packages: ['zod'] },
  { from: 'engine/src/kit/', to: ['engine/src/kit/'] },
  { from: 'engine/src/config', to: ['engine/src/config', 'engine/src/kit/', 'contract/src/'] },
  {
    from: 'engine/src/decide/',
    to: ['engine/src/decide/', 'contract/src/'],
    // Of Node only what computes: nothing that tells the time, reads or writes.
    packages: ['zod', 'node:net', 'node:crypto'],
  },
  ...stages.map((stage) => ({
    from: `engine/src/${stage}/`,
    to: [`engine/src/${stage}/`, 'engine/src/kit/', 'contract/src/'],
  })),
  // The way of the data knows the stages only by what it says that it needs of them.
  ...way.map((file) => ({ from: file, to: [...way, 'engine/src/kit/', 'contract/src/'] })),
  // Beside a honeypot, in 80 MB: no database, no server.
  {
    from: 'engine/src/sensor/',
    to: ['engine/src/sensor/', 'engine/src/collect/', 'engine/src/act/', 'engine/src/kit/', 'contract/src/'],
  },
  // An attacker knows addresses and the API, and nothing of how it is built.
  {
    from: 'engine/src/simulate/',
    to: ['engine/src/simulate/', 'engine/src/act/cowrie/shell-visit.ts', 'engine/src/kit/', 'contract/src/'],
  },
  { from: 'decoys/src/', to: ['decoys/src/', 'contract/src/'] },
  { from: 'dashboard/', to: ['dashboard/', 'contract/src/'] },
  // What somebody else would write, who has nothing of ours but the contract.
  { from: 'examples/', to: ['examples/', 'contract/src/'] },
];

/** Packages that only some folders may import. */
const reserved = [{ packages: ['pg', 'pg-copy-streams'], to: ['engine/src/store/', 'engine/test/', 'bench/'] }];

/** Each import that goes against an arrow, as a sentence. `files` gives path and text, paths from the project's root. */
export function findBrokenArrows(files) {
  return files.flatMap(({ path, text }) => {
    // A test builds what it tests out of real parts, whichever folder they are in.
    if (isOfTests(path)) return [];
    return importsOf(text).flatMap((target) => {
      const fault =
        target.startsWith('.') || target.startsWith('@cerberusmesh/')
          ? whyNotOurs(path, target)
          : whyNotPackage(path, target);
      return fault === undefined ? [] : [`${path}: ${fault}`];
    });
  });
}

/** A test, or what tests share: a folder called `support`. */
function isOfTests(path) {
  return /\.test\.tsx?$|\/support\//.test(path);
}

function whyNotOurs(path, target) {
  const rule = rules.find(({ from }) => path.startsWith(from));
  const place = resolveOurs(path, target);
  // What measures, proves or shows the product starts the same real parts as tests do.
  if (isOfTests(place) && !/^(?:bench|deploy|docs|recordings|sensors)\//.test(path))
    return `imports ${place}, which is of tests`;
  if (rule === undefined || rule.to.some((folder) => place.startsWith(folder))) return undefined;
  return `imports ${place}, and may import only ${rule.to.join(', ')}; declare a small interface and take it from main.ts`;
}

function whyNotPackage(path, target) {
  const name = packageName(target);
  const keeper = reserved.find(({ packages }) => packages.includes(name));
  if (keeper && !keeper.to.some((folder) => path.startsWith(folder))) {
    return `imports ${name}, which only ${keeper.to.join(', ')} may`;
  }
  const allowed = rules.find(({ from }) => path.startsWith(from))?.packages;
  if (allowed === undefined || allowed.includes(name)) return undefined;
  return `imports ${name}, and may import only ${allowed.join(', ')}`;
}

function resolveOurs(path, target) {
  const contract = /^@cerberusmesh\/contract\/(.+)$/.exec(target)?.[1];
  if (contract !== undefined) return `contract/src/${contract}.ts`;
  return target.startsWith('.') ? posix.normalize(posix.join(posix.dirname(path), target)) : target;
}

function packageName(target) {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Static, dynamic, type-only and re-exporting imports. */
function importsOf(text) {
  return [...text.matchAll(/\bfrom\s+'([^']+)'|\bimport\s*\(?\s*'([^']+)'/g)].map(([, from, bare]) => from ?? bare);
}

const sourceFolders = [
  ...['contract/src', 'decoys/src', 'engine/src', 'dashboard/src', 'bench'],
  ...['deploy', 'docs', 'examples', 'recordings', 'sensors'],
];

function readSources(root) {
  return sourceFolders.flatMap((folder) => {
    const top = join(root, folder);
    return listFiles(top)
      .filter((path) => /\.(ts|tsx|mts)$/.test(path))
      .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8') }));
  });
}

function listFiles(top) {
  try {
    return readdirSync(top, { withFileTypes: true }).flatMap((entry) => {
      const path = join(top, entry.name);
      if (!entry.isDirectory()) return [path];
      return entry.name === 'node_modules' ? [] : listFiles(path);
    });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = findBrokenArrows(readSources(dirname(dirname(fileURLToPath(import.meta.url)))));
  for (const sentence of broken) process.stderr.write(`${sentence}\n`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
