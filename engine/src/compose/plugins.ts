import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Action } from '../act/action.ts';
import { type ActionPlugins, createPluginAction } from '../act/plugin-action.ts';
import type { Config } from '../config.ts';
import type { Log } from '../kit/log.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { openThread } from './plugins/open-thread.ts';

export interface LoadedPlugins {
  readonly sources: readonly { readonly name: string; readonly path: string }[];
  readonly action: Action;
  /** What a policy may call them. */
  readonly actionNames: readonly string[];
}

/** A plugin that says nothing for so long, while it is asked each second, hangs. */
export const silentMs = 10_000;
const filesMax = 50;

/** Looks at every file of the folder once, in a thread. One that cannot be loaded is told and left out. */
export async function loadPlugins({ plugins }: Config, log: Pick<Log, 'info' | 'error'>): Promise<LoadedPlugins> {
  const paths = plugins.dir === null ? [] : await listFiles(plugins.dir, log);
  const known = new Map<string, { readonly kind: 'source' | 'action'; readonly path: string }>();
  for (const path of paths) {
    try {
      const thread = await openThread(path, silentMs);
      await thread.close();
      const { name, kind, version } = thread.manifest;
      if (known.has(name)) throw new Error(`another file has the name ${name} already`);
      known.set(name, { kind, path });
      log.info({ plugin: name, version, path }, `The plugin ${name} was loaded.`);
    } catch (error) {
      log.error({ path, why: reasonOf(error) }, 'A plugin could not be loaded, and is left out: docs/plugins.md.');
    }
  }
  const ofKind = (wanted: string) => [...known].filter(([, { kind }]) => kind === wanted);
  const actions = new Map(ofKind('action').map(([name, { path }]) => [name, path]));
  return {
    sources: ofKind('source').map(([name, { path }]) => ({ name, path })),
    action: createPluginAction(callIn(actions)),
    actionNames: [...actions.keys()],
  };
}

function callIn(paths: ReadonlyMap<string, string>): ActionPlugins {
  return {
    names: () => [...paths.keys()],
    async call(name, method, order, signal) {
      const path = paths.get(name);
      if (path === undefined) throw new Error(`there is no action ${name}`);
      const thread = await openThread(path, silentMs);
      const late = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => late.reject(new Error('its time was over')), { once: true });
      try {
        signal.throwIfAborted();
        thread.tell({ kind: 'call', method, order });
        const said = await Promise.race([thread.next(), late.promise]);
        if (said.kind === 'answer') return said.value;
        throw new Error(said.kind === 'failed' ? said.why : `it said ${said.kind} where an answer was expected`);
      } finally {
        await thread.close();
      }
    },
  };
}

async function listFiles(dir: string, log: Pick<Log, 'error'>): Promise<string[]> {
  try {
    const names = (await readdir(dir)).filter(
      (name) => /\.(?:ts|mjs|js)$/.test(name) && !/\.(?:test|d)\.ts$/.test(name),
    );
    return names
      .sort()
      .slice(0, filesMax)
      .map((name) => join(dir, name));
  } catch (error) {
    log.error({ dir, why: reasonOf(error) }, 'CERBERUS_PLUGINS_DIR cannot be read; no plugin is loaded.');
    return [];
  }
}
