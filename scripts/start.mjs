// `npm start [-- arguments]`: installs what is missing, builds the dashboard, then becomes `cerberus up`. Plain JavaScript for Node from 18.
import { fileURLToPath } from 'node:url';
import { ensureDashboard } from './dashboard.mjs';
import { ensureInstalled } from './install.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const args = ['up', ...process.argv.slice(2)];

if (ensureInstalled(root)) {
  // Without it all but the page works, so that is no reason not to start.
  ensureDashboard(root);
  const { startCerberus } = await import('../engine/bin/launch.mjs');
  await startCerberus(args);
} else {
  process.exitCode = 1;
}
