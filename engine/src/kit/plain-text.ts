import { printable } from './printable.ts';

const acted = /^(?:[a-z][a-z0-9+.-]*:\/\/|data:|javascript:|vbscript:|mailto:|tel:|sms:|file:|www\.)/i;
const address = /\b[a-z][a-z0-9+.-]{1,20}:(?:\/\/)?[^\s\]"']+|\bwww\.[^\s\]"']+/gi;

/**
 * A sentence that nothing will act on: no markup for a page, no link that a mail program or a chat would make clickable,
 * no control characters. Addresses stay readable in the analysts' way (`hxxp://192.0.2[.]1/x`).
 */
export function plainText(text: string): string {
  return printable(text.replaceAll('\n', ' '))
    .replace(/[<>]/g, (mark) => (mark === '<' ? '‹' : '›'))
    .replaceAll('`', "'")
    .replace(/!\[/g, '! [')
    .replace(/\]\s*\(/g, '] - (')
    .replace(/\]\s*:/g, '] - ')
    .replace(address, disarm)
    .replace(/[*_]{2,}/g, '');
}

function disarm(found: string): string {
  if (!acted.test(found)) return found;
  return found
    .replace(/^http/i, 'hxxp')
    .replace(/^(?!hxxp)([a-z][a-z0-9+.-]*):/i, '$1[:]')
    .replaceAll('.', '[.]');
}
