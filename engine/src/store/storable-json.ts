/** JSON that jsonb takes whatever an attacker's texts were cut or decoded to: no U+0000, no half of a surrogate pair. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isStorable(text) ? text : mended(value);
}

/** The same as a value: what is hashed here must be what the table gives back. */
export function storable<T>(value: T): T {
  // `as`: of the same form, since only texts are mended.
  return isStorable(JSON.stringify(value)) ? value : (JSON.parse(mended(value)) as T);
}

/** Whether jsonb takes this JSON. Both are written as escapes there, so that nearly every value is looked through once and made once. */
export function isStorable(text: string): boolean {
  return !text.includes('\\u') || !/\\u(?:d|0000)/.test(text);
}

function mended(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\u2400') : inner,
  );
}
