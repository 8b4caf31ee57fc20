// Finds a Node that runs TypeScript and hands over to engine/src/cli.ts. Plain JavaScript for any Node from 18.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Set for a process that a launcher started, so that it ends when the launcher was killed without a chance to say so. */
const launchedMark = 'CERBERUS_LAUNCHED';

/** Set for a process that has the options of a small one already. */
const smallMark = 'CERBERUS_SMALL';
/**
 * For a sensor, which shares a small machine with its honeypot: measured at 200 events a second 74 MB instead of 97, for as
 * much of the processor. A young generation that stays small, no compiled code, one helper thread, and one pool of memory for
 * all threads. The bound is for lines of 13 MB.
 */
const smallFlags = [
  ...['--max-semi-space-size=1', '--max-old-space-size=256', '--optimize-for-size'],
  ...['--no-opt', '--no-maglev', '--v8-pool-size=1'],
];
const smallEnv = { MALLOC_ARENA_MAX: '1', UV_THREADPOOL_SIZE: '2' };

/** Runs the `cerberus` command; its exit code is left in `process.exitCode`. */
export async function startCerberus(args) {
  if (runsTypeScript(process.versions.node)) return startHere(args);
  const node = packagedNode();
  if (node === undefined) {
    process.stderr.write(
      `cerberus needs Node 22.18 or newer, this is ${process.version}, and the packaged Node 24 is not there: run \`npm start\` once to install it, or install a newer Node.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const script = fileURLToPath(new URL('cerberus.mjs', import.meta.url));
  const env = isSensor(args) ? { ...smallEnv, [smallMark]: '1' } : {};
  process.exitCode = await runWith(node, [...(isSensor(args) ? smallFlags : []), script, ...args], { env });
}

/** From 22.18 on Node strips types by itself, without a flag and without a warning. */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** The Node 24 that comes with the dependencies, or undefined where none fits this machine. */
export function packagedNode(from = import.meta.url) {
  try {
    const manifest = createRequire(from).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const node = join(dirname(manifest), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs `node args` with our streams and gives its exit code (128 + n after signal n). Signals are passed on, except a
 * Ctrl-C at a terminal: that reaches the child from the terminal itself, and would come twice.
 */
export function runWith(node, args, { env = {}, cwd } = {}) {
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...env, [launchedMark]: '1' },
    });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.on('error', (error) => {
      process.stderr.write(`${node} cannot be started (${error.message}); install Node 22.18 or newer.\n`);
      end(1);
    });
    child.on('exit', (code, signal) => end(code ?? 128 + (constants.signals[signal] ?? 0)));

    function pass(signal) {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    }

    function end(code) {
      for (const signal of signals) process.off(signal, pass);
      resolve(code);
    }
  });
}

async function startHere(args) {
  becomeSmall(args);
  const { enableCompileCache } = await import('node:module');
  // Not the default folder: that one lies in the shared temporary folder, where another user could prepare it.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/cerberusmesh', import.meta.url));
  // Threads take nothing over from `enableCompileCache`, and look here: without it each strips and compiles all that it loads.
  process.env.NODE_COMPILE_CACHE ??= cache;
  enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  endWithLauncher();
  const { boundHeap } = await import('./bound-heap.mjs');
  boundHeap();
  const { main } = await import('../src/cli.ts');
  process.exitCode = await main(args);
}

/** These options work on the command line only, so the process puts itself in its own place, under the same id. */
function becomeSmall(args) {
  const isSmall = process.env[smallMark] === '1';
  delete process.env[smallMark];
  // Whoever was launched would lose the line to his launcher, and has the options from it.
  if (!isSensor(args) || isSmall || process.channel !== undefined || process.execve === undefined) return;
  const script = fileURLToPath(new URL('cerberus.mjs', import.meta.url));
  const env = { ...process.env, ...smallEnv, [smallMark]: '1' };
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...smallFlags, script, ...args], env);
}

function isSensor(args) {
  return args[0] === 'sensor' && args[1] !== 'enrol';
}

function endWithLauncher() {
  const isLaunched = process.env[launchedMark] === '1' && process.channel !== undefined;
  delete process.env[launchedMark];
  if (!isLaunched) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel must not keep a finished command alive.
  process.channel.unref();
}
