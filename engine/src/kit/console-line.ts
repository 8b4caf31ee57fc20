import { printable } from './printable.ts';

const colours = new Map([
  ['trace', 90],
  ['debug', 90],
  ['warn', 33],
  ['error', 31],
  ['fatal', 31],
]);

/**
 * One log line for a person: `12:30:05 WARN  message key=value`, with an error's stack below. All text is made
 * printable, so what an attacker wrote cannot move the cursor, colour the screen or forge a line.
 */
export function formatForConsole(fields: Readonly<Record<string, unknown>>, isColoured: boolean): string {
  const { time, level, msg, err, ...rest } = fields;
  const name = String(level);
  const label = paint(name.toUpperCase().padEnd(5), colours.get(name), isColoured);
  const pairs = Object.entries(rest).map(
    ([key, value]) => ` ${paint(`${printable(key)}=`, 90, isColoured)}${show(value)}`,
  );
  const clock = paint(String(time).slice(11, 19), 90, isColoured);
  return `${clock} ${label} ${printable(String(msg ?? ''))}${pairs.join('')}\n${showError(err)}`;
}

function show(value: unknown): string {
  const isPlain = typeof value === 'string' && /^[\w./:@%+-]+$/.test(value);
  return isPlain ? value : printable(JSON.stringify(value) ?? '');
}

function showError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const stack = 'stack' in error && typeof error.stack === 'string' ? error.stack : JSON.stringify(error);
  const lines = stack.split('\n').map((line) => `    ${printable(line)}\n`);
  const cause = 'cause' in error && error.cause ? `    caused by:\n${showError(error.cause)}` : '';
  return lines.join('') + cause;
}

function paint(text: string, colour: number | undefined, isColoured: boolean): string {
  return isColoured && colour !== undefined ? `\u001b[${colour}m${text}\u001b[0m` : text;
}
