/** U+0000 cannot be stored in PostgreSQL's text or jsonb: it is shown as its picture, and the line's bytes are kept beside. */
const nulPicture = '\u2400';

/** Text that PostgreSQL takes, changed only where it must be. */
export function toStorableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', nulPicture) : whole;
}

const suspect = /\\u(?:0000|d[89a-f])/i;
const escapes = /\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})|\\u([0-9a-f]{4})|\\./gi;

/**
 * JSON text that jsonb takes: `\u0000` and halves of surrogate pairs are replaced. It works on the text, not on the
 * parsed value, so a hundred thousand nested arrays cost no stack.
 */
export function toStorableJson(json: string): string {
  // `includes` first: it runs at memory speed, and most lines have no escape at all.
  if (!json.includes('\\u') || !suspect.test(json)) return json;
  return json.replace(escapes, (sequence: string, high: string | undefined, _low, single: string | undefined) => {
    if (high !== undefined || single === undefined) return sequence;
    if (single === '0000') return nulPicture;
    return /^d[89a-f]/i.test(single) ? '\ufffd' : sequence;
  });
}
