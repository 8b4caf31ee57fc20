import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { ActionPlugin, FromPlugin, SourcePlugin, ToPlugin } from '@cerberusmesh/contract/plugin';

// The thread in which one plugin runs: it loads the file, and passes on what both sides say. Only types are imported: with
// zod in it each thread would take half a second more.

const port = parentPort;
if (port === null) throw new Error('this file is the inside of a thread');
const path = String(workerData);
const stopping = new AbortController();
let stored = Promise.withResolvers<void>();

const settings: unknown = await readFile(path.replace(/\.\w+$/, '.json'), 'utf8').then(JSON.parse, (error) => {
  if (error.code === 'ENOENT') return {};
  throw error;
});
// `as`: the engine checks the manifest; the methods are asked for by their names below.
const { plugin } = (await import(pathToFileURL(path).href)) as { plugin?: SourcePlugin | ActionPlugin };
if (plugin === undefined) throw new Error('it exports no `plugin`');
const loaded = plugin;

port.on('message', (told: ToPlugin) => {
  if (told.kind === 'ping') say({ kind: 'pong' });
  else if (told.kind === 'stored') stored.resolve();
  else if (told.kind === 'stop') stopping.abort();
  else void obey(told).catch((error: unknown) => say({ kind: 'failed', why: String(error).slice(0, 2_000) }));
});
say({ kind: 'loaded', manifest: loaded.manifest });

async function obey(told: Extract<ToPlugin, { kind: 'follow' | 'call' }>): Promise<void> {
  if (told.kind === 'follow' && 'follow' in loaded) {
    const tools = { settings: asRecord(settings), position: told.position, signal: stopping.signal, give };
    await loaded.follow(tools);
    return say({ kind: 'failed', why: 'it ended by itself' });
  }
  if (told.kind === 'call' && 'run' in loaded) {
    // `as`: the engine made it.
    const order = { ...(told.order as object), settings } as Parameters<ActionPlugin['run']>[0];
    return say({ kind: 'answer', value: await loaded[told.method]?.(order) });
  }
  throw new Error(`a plugin of the kind ${loaded.manifest.kind} cannot ${told.kind}`);
}

async function give(lines: readonly string[], position: unknown): Promise<void> {
  stored = Promise.withResolvers();
  // `as`: any JSON of the plugin's own; the engine parses what comes out of this thread.
  say({ kind: 'lines', lines: [...lines], position: position as never });
  await stored.promise;
}

function say(message: FromPlugin): void {
  port?.postMessage(message);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('its settings are no JSON object');
  return { ...value };
}
