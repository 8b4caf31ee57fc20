// For PM2: `pm2 start deploy/ecosystem.config.cjs`, in the checkout after `npm start` has built it once, or with
// CERBERUS_HOME naming the folder where the package is installed.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const home = process.env.CERBERUS_HOME;
const script = home
  ? join(home, 'node_modules', 'cerberusmesh', 'dist', 'engine', 'bin', 'cerberus.mjs')
  : join(__dirname, '..', 'engine', 'bin', 'cerberus.mjs');
if (!existsSync(script)) throw new Error(`There is no ${script}; set CERBERUS_HOME to where the package is installed.`);

module.exports = {
  apps: [
    {
      name: 'cerberusmesh',
      script,
      args: ['up'],
      // One process: the sources are followed by one reader each.
      instances: 1,
      exec_mode: 'fork',
      merge_logs: true,
      kill_timeout: 30_000,
      // A start takes a few seconds; what ends sooner than that did not start.
      min_uptime: 10_000,
      exp_backoff_restart_delay: 500,
      max_memory_restart: '2G',
    },
  ],
};
