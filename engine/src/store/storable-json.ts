/** JSON that jsonb takes whatever an attacker's texts were cut or decoded to: no U+0000, no half of a surrogate pair. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\u2400') : inner,
  );
}
