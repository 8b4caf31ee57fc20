import { type PluginOrder, type PluginParameters, pluginDeclaration } from '@cerberusmesh/contract/plugin';
import { z } from 'zod';
import { reasonOf } from '../kit/reason-of.ts';
import { type Action, defineAction, type Task } from './action.ts';

/** Actions of somebody else's, each called in a thread of its own that ends with `signal`. */
export interface ActionPlugins {
  readonly names: () => readonly string[];
  call(
    name: string,
    method: 'check' | 'run' | 'verify' | 'undo',
    order: Omit<PluginOrder, 'settings'>,
    signal: AbortSignal,
  ): Promise<unknown>;
}

const Sentence = z.string().max(1_000).optional();
const Result = z.record(z.string(), z.json());
const Look = z.object({ verified: z.boolean(), why: z.string().max(1_000) });
const lifetimeSeconds = 24 * 3_600;
const checkMs = 10_000;

/** Runs what a plugin does under the runner's rules: what it answers is checked, and it is never trusted with time. */
export function createPluginAction(plugins: ActionPlugins): Action {
  const declaration = pluginDeclaration;
  return defineAction({
    declaration,
    plan: z.object({}),
    async targets(wanted) {
      const names = wanted.plugin === undefined ? plugins.names() : [wanted.plugin];
      if (names.length === 0) return 'No action is loaded from CERBERUS_PLUGINS_DIR.';
      return names.map((plugin) => ({ ...wanted, plugin }));
    },
    targetOf: ({ plugin, with: said }) => `${plugin} ${JSON.stringify(said)}`.slice(0, 200),
    lifetimeSeconds: () => lifetimeSeconds,
    async check({ plugin = '', with: parameters }, cause) {
      if (!plugins.names().includes(plugin))
        return `There is no action ${plugin} in CERBERUS_PLUGINS_DIR; there are: ${plugins.names().join(', ') || 'none'}.`;
      try {
        const order = { id: cause.causeId, cause, parameters };
        return Sentence.parse(await plugins.call(plugin, 'check', order, AbortSignal.timeout(checkMs)));
      } catch (error) {
        return `The plugin ${plugin} could not check it: ${reasonOf(error)}.`;
      }
    },
    makePlan: async () => ({}),
    run: async (task) => Result.parse(await call(task, 'run')),
    async verify(task) {
      const { verified, why } = Look.parse(await call(task, 'verify'));
      return { verified, why, looked: true };
    },
    undo: async (task) => Sentence.parse(await call(task, 'undo')),
  });

  async function call(task: Task<PluginParameters, object>, method: 'run' | 'verify' | 'undo'): Promise<unknown> {
    const { id, cause, parameters, signal } = task;
    return await plugins.call(parameters.plugin ?? '', method, { id, cause, parameters: parameters.with }, signal);
  }
}
