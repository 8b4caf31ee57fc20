import { isIP } from 'node:net';
import type { Given, GivenValue } from './given-value.ts';
import { ConfigSchema, type Settings } from './schema.ts';

/** Shapes the texts by the schema. Each fault is a sentence; `settings` is undefined when there is one. */
export function parseGiven(given: Given): { settings: Settings | undefined; faults: string[] } {
  const parsed = ConfigSchema.safeParse(asTree(given));
  if (parsed.success) {
    const faults = checkTogether(parsed.data, given);
    return { settings: faults.length === 0 ? parsed.data : undefined, faults };
  }
  const faults = parsed.error.issues.flatMap(({ path, message }) => {
    const value = given.get(path.join('.'));
    // A text that was taken out because its seal did not open has its fault already.
    return value === undefined ? [] : [describeWrong(value, message)];
  });
  return { settings: undefined, faults };
}

function asTree(given: Given): Record<string, Record<string, string>> {
  const tree = Object.fromEntries(
    Object.keys(ConfigSchema.shape).map((section) => [section, {} as Record<string, string>]),
  );
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

function checkTogether(settings: Settings, given: Given): string[] {
  const { host, authentication } = settings.http;
  if (authentication || isLoopback(host)) return [];
  const where = given.get('http.authentication')?.origin ?? 'CERBERUS_AUTHENTICATION';
  return [
    `${where}: authentication is off while ${host} can be reached from other machines; switch it on, or listen on 127.0.0.1`,
  ];
}

/** Only what can be told without asking a name server: a name may point anywhere tomorrow. */
function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host.toLowerCase() === 'localhost';
}
