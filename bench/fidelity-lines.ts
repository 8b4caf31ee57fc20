import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const lineMax = 2_000;

/** One command a line; one that begins with a tab goes on with the command before, and what begins with `# ` is a remark. */
export function readLines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .replaceAll('\n\t', '\0')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => line.replaceAll('\0', '\n'));
}

/**
 * What attackers typed, out of Cowrie's logs in a folder: one line of each shape, in the order of the logs, with how often the shape
 * came.
 */
export function readAttackersLines(folder: string): { line: string; times: number }[] {
  const shapes = new Map<string, { line: string; times: number }>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl') || name.endsWith('.json'));
  for (const name of files.sort()) {
    for (const text of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (!text.includes('cowrie.command.input')) continue;
      const line = inputOf(text);
      if (line === '' || line.length > lineMax) continue;
      const shape = shapeOf(line);
      const known = shapes.get(shape);
      if (known) known.times++;
      else shapes.set(shape, { line, times: 1 });
    }
  }
  return [...shapes.values()];
}

/**
 * A line without what bots draw anew each time: text in quotes (passwords and keys), numbers, tokens in capitals, and long words.
 */
function shapeOf(line: string): string {
  return line
    .replace(/"[^"]*"|'[^']*'/g, 'Q')
    .replace(/\b[A-Z]{4,}\b/g, 'T')
    .replace(/[A-Za-z0-9+/=]{9,}/g, 'W')
    .replace(/\d+/g, '0');
}

function inputOf(text: string): string {
  const event: unknown = JSON.parse(text);
  const input = typeof event === 'object' && event !== null && 'input' in event ? event.input : '';
  return typeof input === 'string' ? input.trim() : '';
}
