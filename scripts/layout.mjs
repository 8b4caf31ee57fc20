// `node scripts/layout.mjs FOLDER` makes the tree that is published and that containers run: only what is needed, without
// types, since Node strips none below node_modules. Prints the package's manifest. Needs Node 22.18.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What runs: its TypeScript becomes JavaScript in the same place. */
const code = ['contract/src', 'decoys/src', 'engine/bin', 'engine/src'];
/** What is taken as it is. */
const asIs = ['engine/migrations', 'dashboard/dist', 'policy', 'models', 'recordings', 'sensors/cowrie'];
const parts = ['contract', 'decoys', 'engine'];

/** Makes `target` anew. @returns the published manifest, whose files lie in `target`. */
export function layOut(root, target) {
  rmSync(target, { recursive: true, force: true });
  for (const folder of code) for (const path of sourcesBelow(root, folder)) emit(root, target, path);
  const isTaken = (path) => isPublished(path) && !path.endsWith('.ts');
  for (const folder of asIs) cpSync(join(root, folder), join(target, folder), { recursive: true, filter: isTaken });
  const manifest = publishedManifest(root);
  const { name, version, license } = manifest;
  // The engine tells its version from here; and what lies below is made of modules.
  writeJson(join(target, 'package.json'), { name, version, license, type: 'module' });
  return manifest;
}

/** The checkout's package.json says how to work on this; this one how to run it: one package, with all that its parts need. */
export function publishedManifest(root) {
  const { name, version, description, license, type, engines, optionalDependencies } = readJson(root, 'package.json');
  const manifests = parts.map((part) => readJson(root, part, 'package.json'));
  const needed = (key) => Object.entries(Object.assign({}, ...manifests.map((manifest) => manifest[key])));
  return {
    ...{ name, version, description, license, type, engines },
    bin: { cerberus: 'dist/engine/bin/cerberus.mjs', cerberusmesh: 'dist/engine/bin/cerberus.mjs' },
    files: ['dist'],
    dependencies: Object.fromEntries(needed('dependencies').filter(([each]) => !each.startsWith('@cerberusmesh/'))),
    optionalDependencies: Object.fromEntries([
      ...needed('optionalDependencies'),
      ...Object.entries(optionalDependencies),
    ]),
  };
}

/** Types become blanks, so that every line of a stack trace is the line of the source. */
export function toJavaScript(text, path) {
  const stripped = stripTypeScriptTypes(text);
  const here = posix.dirname(path);
  return stripped
    .replace(/(['"])@cerberusmesh\/contract\/([\w-]+)\1/g, (_, quote, file) => {
      const way = posix.relative(here, `contract/src/${file}.js`);
      return `${quote}${way.startsWith('.') ? way : `./${way}`}${quote}`;
    })
    .replace(/([\w-])\.ts(['"`])/g, '$1.js$2');
}

function emit(root, target, path) {
  const place = join(target, path.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(place), { recursive: true });
  if (/\.m?[jt]s$/.test(path)) writeFileSync(place, toJavaScript(readFileSync(join(root, path), 'utf8'), path));
  else copyFileSync(join(root, path), place);
}

function sourcesBelow(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter(isPublished);
}

function isPublished(path) {
  return !/\.test\.ts$|\/support(\/|$)|__pycache__/.test(path);
}

function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = layOut(fileURLToPath(new URL('..', import.meta.url)), process.argv[2] ?? 'dist');
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
}
