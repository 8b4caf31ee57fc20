import { Worker } from 'node:worker_threads';
import { FromPlugin, type PluginManifest, type ToPlugin } from '@cerberusmesh/contract/plugin';
import { reasonOf } from '../../kit/reason-of.ts';

export interface OpenThread {
  readonly manifest: PluginManifest;
  tell(message: ToPlugin): void;
  /** The next thing it says, pongs left out. Rejects where the thread has thrown, ended or does not answer any more. */
  next(): Promise<FromPlugin>;
  close(): Promise<void>;
}

const heapMegabytesMax = 128;
const pingMs = 1_000;
/** The first loading compiles the file, on a machine that may be busy. */
const loadMs = 15_000;

/** Starts a plugin in a thread that may do anything to itself and nothing to us but use a processor for `silentMs`. */
export async function openThread(path: string, silentMs: number): Promise<OpenThread> {
  const worker = new Worker(new URL('./plugin-thread.ts', import.meta.url), {
    workerData: path,
    // No secret of ours, and none of its words in our log.
    ...{ env: {}, stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: 16 },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const heard: FromPlugin[] = [];
  const ended = Promise.withResolvers<never>();
  // Told by `next`.
  ended.promise.catch(() => undefined);
  let arrived = Promise.withResolvers<void>();
  let lastSign = performance.now();
  worker.on('message', (message: unknown) => {
    lastSign = performance.now();
    const said = FromPlugin.safeParse(message);
    if (!said.success) return ended.reject(new Error(`it said what is not of the form: ${issueOf(said.error)}`));
    if (said.data.kind === 'pong') return;
    heard.push(said.data);
    arrived.resolve();
  });
  worker.on('error', (error) => ended.reject(new Error(reasonOf(error))));
  worker.on('exit', () => ended.reject(new Error('its thread ended')));
  const watch = setInterval(() => {
    if (performance.now() - lastSign > limitMs) ended.reject(new Error(`it did not answer for ${limitMs / 1000} s`));
    worker.postMessage({ kind: 'ping' } satisfies ToPlugin);
  }, pingMs);
  let limitMs = loadMs;

  try {
    const first = await next();
    if (first.kind !== 'loaded') throw new Error('it was not loaded first');
    limitMs = silentMs;
    return { manifest: first.manifest, tell: (message) => worker.postMessage(message), next, close };
  } catch (error) {
    await close();
    throw error;
  }

  async function next(): Promise<FromPlugin> {
    while (true) {
      const said = heard.shift();
      if (said !== undefined) return said;
      arrived = Promise.withResolvers();
      await Promise.race([arrived.promise, ended.promise]);
    }
  }

  async function close(): Promise<void> {
    clearInterval(watch);
    await worker.terminate();
  }
}

function issueOf({ issues: [first] }: { issues: readonly { path: PropertyKey[]; message: string }[] }): string {
  return first === undefined ? 'unknown' : `${first.path.join('.')} ${first.message}`;
}
