// `npm start [-- arguments]`: installs what is missing, then becomes `cerberus up`. Plain JavaScript for Node from 18.
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = ['up', ...process.argv.slice(2)];

if (ensureInstalled(root)) {
  const { startCerberus } = await import('../engine/bin/launch.mjs');
  await startCerberus(args);
} else {
  process.exitCode = 1;
}
