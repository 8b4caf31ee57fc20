#!/usr/bin/env node
// Plain JavaScript for any Node from 18: it finds a Node that runs TypeScript and hands over to engine/src/cli.ts.
import { fileURLToPath } from 'node:url';
import { packagedNode, runsTypeScript, runWith, startHere } from './launch.mjs';

const args = process.argv.slice(2);

if (runsTypeScript(process.versions.node)) {
  await startHere(args);
} else {
  const node = packagedNode();
  if (node === undefined) {
    process.stderr.write(
      `cerberus needs Node 22.18 or newer and this is ${process.version}; the packaged Node 24 is not installed here: run \`npm start\` once, or install a newer Node.\n`,
    );
    process.exitCode = 1;
  } else {
    process.exitCode = await runWith(node, [fileURLToPath(import.meta.url), ...args]);
  }
}
