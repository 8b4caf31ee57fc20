import type { Decision } from './decision.ts';

/** What is decided, for people: `insert_trap (PERSONA_CHANGE; persona debian-11) and lock_down (minutes 60)` */
export function wordsFor({
  decision,
  adaptations,
  parameters,
  also,
  alsoParameters,
}: Pick<Decision, 'decision' | 'adaptations' | 'parameters' | 'also' | 'alsoParameters'>): string {
  const beside = also.map((kind) => withDetails(kind, [chosen(alsoParameters[kind] ?? {})]));
  return [withDetails(decision, [adaptations.join(', '), chosen(parameters)]), ...beside].join(' and ');
}

function withDetails(kind: string, details: readonly string[]): string {
  const said = details.filter((detail) => detail !== '');
  return said.length === 0 ? kind : `${kind} (${said.join('; ')})`;
}

function chosen(parameters: Decision['parameters']): string {
  const words = Object.entries(parameters).map(([name, value]) =>
    typeof value === 'string' ? `${name} ${value}` : `${name} ${JSON.stringify(value)}`,
  );
  return words.join(', ');
}
