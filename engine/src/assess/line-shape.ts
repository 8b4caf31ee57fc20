import type { ShellReading, Statement } from './shell/statement.ts';

const statementsMax = 64;

/**
 * A line without what changes from one visitor to the next: addresses, random names, passwords, keys and blobs. Two
 * lines of one shape came from the same script, or might as well have.
 */
export function lineShape(reading: ShellReading): string {
  return reading.statements
    .filter(({ depth }) => depth === 0)
    .slice(0, statementsMax)
    .map(statementShape)
    .join(' ; ');
}

function statementShape({ name, args, via, redirects, pipedFrom }: Statement): string {
  const words = [...via, wordShape(name, true), ...args.slice(0, 12).map((arg) => wordShape(arg, false))];
  const files = redirects.map(({ operator, target }) => `${operator}${wordShape(target, false)}`);
  return `${pipedFrom.length > 0 ? '| ' : ''}${[...words, ...files].join(' ')}`;
}

function wordShape(word: string, command: boolean): string {
  if (word.startsWith('-')) return word.length > 12 ? '-…' : word.replace(/\d+/g, '0');
  if (/^[a-z]{2,8}:\/\//i.test(word)) return 'URL';
  if (/(?:\d{1,3}\.){3}\d{1,3}/.test(word)) return 'IP';
  if (/\n|\\n|:/.test(word)) return 'TEXT';
  if (word.includes('/')) return pathShape(word);
  if (command) return looksRandom(word) ? 'RANDOM' : word;
  if (/^[a-z][a-z-]{1,11}$/.test(word)) return word;
  return /^\d+$/.test(word) ? '0' : 'WORD';
}

function pathShape(path: string): string {
  return path
    .split('/')
    .map((part) => (looksRandom(part) ? 'RANDOM' : part.replace(/\d+/g, '0')))
    .join('/')
    .slice(0, 80);
}

function looksRandom(word: string): boolean {
  if (word.length > 15) return true;
  if (word.length < 6) return false;
  return kindSwitches(word) >= (/\d/.test(word) ? 3 : 4) || !/[aeiouy]/i.test(word);
}

/** How often small letters, capitals and digits take turns: seldom in names, at almost every step in random ones. */
function kindSwitches(word: string): number {
  return word.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
}
