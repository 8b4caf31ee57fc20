import type { AttackRules } from './attack/compile-rules.ts';
import { lineFeatures } from './line-features.ts';
import { lineShape } from './line-shape.ts';
import { type PayloadRoles, payloadRoles } from './payload-roles.ts';
import { payloadStory } from './payload-story.ts';
import { readShell } from './shell/read-shell.ts';
import type { ShellReading } from './shell/statement.ts';

/** A statement as the tactic model sees it before its neighbours are told. */
export interface StatementView {
  readonly features: ReadonlySet<string>;
  readonly shape: string;
  readonly name: string;
  /** The separator that ends it, `;` where it has none. */
  readonly separator: string;
  readonly roles: PayloadRoles;
  readonly reading: ShellReading;
}

/** All that the models are told of one statement, read once. */
export function viewStatement(text: string, rules: AttackRules): StatementView {
  const reading = readShell(text);
  const [first] = reading.statements;
  return {
    features: lineFeatures(reading, rules.match(reading), rules.isKnown),
    shape: lineShape(reading),
    name: `${first?.variables.length ? 'VAR ' : ''}${first?.name ?? ''}`,
    separator: /(\|\||&&|\||;|&)\s*$/.exec(text)?.[1] ?? ';',
    roles: payloadRoles(reading),
    reading,
  };
}

/** How many statements before and after one are told by name. */
const neighbours = 12;

/**
 * Features of every statement of a session: its own, the names around it and what becomes of the files it touches, since
 * the same `cd /tmp` belongs to a download or to a look around.
 */
export function sessionFeatures(views: readonly StatementView[]): Set<string>[] {
  const names = new Set(views.map(({ name }) => name));
  const meant = new Set(views.flatMap(({ features }) => [...features].filter((feature) => /^(?:r|gc):/.test(feature))));
  const story = payloadStory(views.map(({ roles }) => roles));
  return views.map((view, at) => {
    const features = new Set(view.features).add('any').add(`sh:${view.shape}`).add(`sep:${view.separator}`);
    features.add(`before:${views[at - 1]?.name ?? '<none>'}`).add(`after:${views[at + 1]?.name ?? '<none>'}`);
    if (views.length === 1) features.add('alone');
    for (const feature of story[at] ?? []) {
      features.add(feature);
      if (/^(?:prog|sess):/.test(feature)) features.add(`${feature} ${view.name}`);
    }
    for (const { name } of views.slice(Math.max(0, at - neighbours), at)) features.add(`hb:${name}`);
    for (const { name } of views.slice(at + 1, at + 1 + neighbours)) features.add(`ha:${name}`);
    for (const feature of meant) features.add(`session:${feature}`);
    for (const name of pipeline(views, at)) features.add(`pipe:${name}`);
    for (const name of names) if (tellingNames.has(name)) features.add(`has:${name}`).add(`has:${name} ${view.name}`);
    return features;
  });
}

const tellingNames = new Set([
  'wget',
  'curl',
  'tftp',
  'scp',
  'chpasswd',
  'passwd',
  'busybox',
  'chmod',
  'dd',
  'crontab',
  'ssh',
  'rm',
  'bash',
  'sh',
  'tee',
  'cat',
  'uname',
  'perl',
  'python',
  'history',
  'unset',
  'kill',
  'pkill',
  'useradd',
]);

/** Names of the commands that share a pipeline with the one at `at`. */
function pipeline(views: readonly StatementView[], at: number): string[] {
  let [start, end] = [at, at];
  while (start > 0 && views[start - 1]?.separator === '|') start--;
  while (end < views.length - 1 && views[end]?.separator === '|') end++;
  return views.slice(start, end + 1).map(({ name }) => name);
}
