// Finds a Node that runs TypeScript and hands over to engine/src/cli.ts. Plain JavaScript for any Node from 18.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Set for a process that a launcher started, so that it ends when the launcher was killed without a chance to say so. */
const launchedMark = 'CERBERUS_LAUNCHED';

/** Set for a process that `commands/become-small.ts` started in its own place: what it needs to know of its configuration, as JSON. */
const smallMark = 'CERBERUS_SMALL';
/** Set for one that did so twice. */
const secondMark = 'CERBERUS_SMALL_AGAIN';
/** A sensor that compiled nothing has 60 MB before it connects, one that did 80. */
const compiledBytes = 70 * 1024 * 1024;

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
  process.exitCode = await runWith(node, [script, ...args]);
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
  const small = process.env[smallMark];
  delete process.env[smallMark];
  const { enableCompileCache } = await import('node:module');
  // Not the default folder: that one lies in the shared temporary folder, where another user could prepare it.
  const cache = fileURLToPath(new URL('../../node_modules/.cache/cerberusmesh', import.meta.url));
  // Threads take nothing over from `enableCompileCache`, and look here: without it each strips and compiles all that it loads.
  process.env.NODE_COMPILE_CACHE ??= cache;
  enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  endWithLauncher();
  const { boundHeap } = await import('./bound-heap.mjs');
  if (small === undefined) boundHeap();
  process.exitCode = small === undefined ? await runCommand(args) : await runSmall(small);
}

async function runCommand(args) {
  const { main } = await import('../src/cli.ts');
  return await main(args);
}

async function runSmall(settings) {
  const { runSmallSensor } = await import('../src/commands/small-sensor.ts');
  await beginAnewOnce(settings);
  return await runSmallSensor(JSON.parse(settings));
}

/** What a first start compiles stays in its memory, 20 MB of it; the next one finds it in the cache. */
async function beginAnewOnce(settings) {
  const isSecond = process.env[secondMark] === '1';
  delete process.env[secondMark];
  if (isSecond || process.memoryUsage.rss() < compiledBytes) return;
  const { flushCompileCache } = await import('node:module');
  flushCompileCache();
  const env = { ...process.env, [smallMark]: settings, [secondMark]: '1' };
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env);
}

function endWithLauncher() {
  const isLaunched = process.env[launchedMark] === '1' && process.channel !== undefined;
  delete process.env[launchedMark];
  if (!isLaunched) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // The channel must not keep a finished command alive.
  process.channel.unref();
}
