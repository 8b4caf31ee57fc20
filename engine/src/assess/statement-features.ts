import type { AttackRules } from './attack/compile-rules.ts';
import { lineFeatures } from './line-features.ts';
import { lineShape } from './line-shape.ts';
import { readShell } from './shell/read-shell.ts';
import type { ShellReading } from './shell/statement.ts';

/** A statement as the tactic model sees it before its neighbours are told. */
export interface StatementView {
  readonly features: ReadonlySet<string>;
  readonly shape: string;
  readonly name: string;
  /** The separator that ends it, `;` where it has none. */
  readonly separator: string;
  readonly reading: ShellReading;
}

export function viewStatement(text: string, rules: AttackRules): StatementView {
  const reading = readShell(text);
  const [first] = reading.statements;
  return {
    features: lineFeatures(reading, rules.match(reading), rules.isKnown),
    shape: lineShape(reading),
    name: `${first?.variables.length ? 'VAR ' : ''}${first?.name ?? ''}`,
    separator: /(\|\||&&|\||;|&)\s*$/.exec(text)?.[1] ?? ';',
    reading,
  };
}

/**
 * Features of every statement of a session: its own, and the names and shapes of its neighbours, since the same `cd /tmp`
 * belongs to a download or to a look around.
 */
export function sessionFeatures(views: readonly StatementView[]): Set<string>[] {
  const names = new Set(views.map(({ name }) => name));
  const meant = new Set(views.flatMap(({ features }) => [...features].filter((feature) => /^(?:r|gc):/.test(feature))));
  return views.map((view, at) => {
    const features = new Set(view.features).add('any').add(`sh:${view.shape}`).add(`sep:${view.separator}`);
    features.add(`before:${views[at - 1]?.name ?? '<none>'}`).add(`after:${views[at + 1]?.name ?? '<none>'}`);
    if (views.length === 1) features.add('alone');
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
