/** JSON that jsonb takes whatever an attacker's texts were cut or decoded to: no U+0000, no half of a surrogate pair. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Both are written as escapes there, so that nearly every value is looked through once and made once.
  return text.includes('\\ud') || text.includes('\\u0000') ? mended(value) : text;
}

function mended(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\u2400') : inner,
  );
}
