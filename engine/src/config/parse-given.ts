import type { Given, GivenValue } from './given-value.ts';
import { ConfigSchema, type Settings } from './schema.ts';

/** Shapes the texts by the schema. Each fault is a sentence; `settings` is undefined when there is one. */
export function parseGiven(given: Given): { settings: Settings | undefined; faults: string[] } {
  const parsed = ConfigSchema.safeParse(asTree(given));
  if (parsed.success) return { settings: parsed.data, faults: [] };
  const faults = parsed.error.issues.flatMap(({ path, message }) => {
    const value = given.get(path.join('.'));
    // A text that was taken out because its seal did not open has its fault already.
    return value === undefined ? [] : [describeWrong(value, message)];
  });
  return { settings: undefined, faults };
}

function asTree(given: Given): Record<string, Record<string, string>> {
  const sections = Object.keys(ConfigSchema.shape).map((name): [string, Record<string, string>] => [name, {}]);
  const tree = Object.fromEntries(sections);
  for (const { setting, text } of given.values()) {
    const group = tree[setting.section];
    if (group !== undefined) group[setting.key] = text;
  }
  return tree;
}

function describeWrong({ setting, text, origin }: GivenValue, expected: string): string {
  const came = setting.treat === 'secret' ? `a value of ${text.length} characters` : JSON.stringify(text.slice(0, 80));
  return `${origin}: expected ${expected}, came ${came}; write for example ${setting.example}`;
}
