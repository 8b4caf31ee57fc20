import { RotateKeyParameters } from '@cerberusmesh/contract/managed-key';
import { PluginParameters } from '@cerberusmesh/contract/plugin';
import type { Policy } from '@cerberusmesh/contract/policy';

/** What a policy takes for granted about the installation on which it runs. */
export interface NamedHere {
  /** In the words of a fault: `rule "x"`, `guards.lockDownSensors`. */
  readonly where: string;
  /** `channel` where people are to be told, on whichever there is, and `plugin` where it names none: its name is empty then. */
  readonly kind: 'sensor' | 'managed key' | 'channel' | 'plugin';
  readonly name: string;
}

/** Each once for each place. */
export function listNamedHere({ guards, analyseWhen, rules }: Policy): NamedHere[] {
  return [
    ...sensorsAt('guards.lockDownSensors', guards.lockDownSensors ?? []),
    ...analyseWhen.flatMap(({ sensorsAny = [] }, place) => sensorsAt(`analyseWhen[${place}]`, sensorsAny)),
    ...rules.flatMap((rule) => inRule(rule)),
  ];
}

function inRule({ id, when, decision, parameters, also, alsoParameters }: Policy['rules'][number]): NamedHere[] {
  const where = `rule "${id}"`;
  const key = decision === 'rotate_key' ? RotateKeyParameters.safeParse(parameters).data?.key : undefined;
  return [
    ...sensorsAt(where, when.sensorsAny ?? []),
    ...(key === undefined ? [] : [{ where, kind: 'managed key' as const, name: key }]),
    ...(also.includes('plugin') ? [{ where, kind: 'plugin' as const, name: pluginIn(alsoParameters) }] : []),
    ...(decision === 'escalate' ? [{ where, kind: 'channel' as const, name: '' }] : []),
  ];
}

/** Without a name every action of the folder is run. */
function pluginIn(given: Policy['rules'][number]['alsoParameters']): string {
  return PluginParameters.safeParse(given?.plugin ?? {}).data?.plugin ?? '';
}

function sensorsAt(where: string, names: readonly string[]): NamedHere[] {
  return [...new Set(names)].map((name) => ({ where, kind: 'sensor', name }));
}

/** What the policy of this place does without it. */
export function describeMissing({ where, kind, name }: NamedHere): string {
  const shown = JSON.stringify(name);
  if (kind === 'channel') return `${where} tells people, and no channel is configured: set one of [notify]`;
  if (kind === 'plugin' && name === '') return `${where} runs your own actions, and CERBERUS_PLUGINS_DIR has none`;
  if (kind === 'plugin') return `${where} runs the plugin ${shown}, and no action in CERBERUS_PLUGINS_DIR is called so`;
  if (kind === 'managed key') return `${where} rotates the managed key ${shown}, and none is called so`;
  return `${where} names the sensor ${shown}, which was never invited or brought up and of which nothing was stored yet`;
}
