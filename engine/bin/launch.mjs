import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Set for a process that a launcher started, so that it ends when the launcher was killed without a chance to say so. */
const launchedMark = 'CERBERUS_LAUNCHED';

/** From this version on Node strips types by itself, without a flag and without a warning. */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** The Node 24 that comes with the dependencies, or undefined where none fits this machine. */
export function packagedNode(from = import.meta.url) {
  try {
    const manifest = createRequire(from).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** Runs the command in this process; its exit code is left in `process.exitCode`. */
export async function startHere(args) {
  const { enableCompileCache } = await import('node:module');
  // Not the default folder: that one lies in the shared temporary folder, where another user could prepare it.
  enableCompileCache?.(fileURLToPath(new URL('../../node_modules/.cache/cerberusmesh', import.meta.url)));
  endWithLauncher();
  const { main } = await import('../src/cli.ts');
  process.exitCode = await main(args);
}

/**
 * Runs `node args` with this terminal and these streams, and gives its exit code (128 + n after signal n).
 * A Ctrl-C at a terminal reaches the child from the terminal itself, so it is not sent a second time.
 */
export function runWith(node, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      ...options,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...options.env, [launchedMark]: '1' },
    });
    const pass = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    const end = (code) => {
      for (const signal of signals) process.off(signal, pass);
      resolve(code);
    };
    child.on('error', (error) => {
      process.stderr.write(`cerberus cannot start ${node}: ${error.message}. Install Node 22.18 or newer.\n`);
      end(1);
    });
    child.on('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

function endWithLauncher() {
  const launched = process.env[launchedMark] === '1' && process.channel;
  delete process.env[launchedMark];
  if (!launched) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel must not keep a finished command alive.
  process.channel.unref();
}
