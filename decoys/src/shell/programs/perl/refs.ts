import { isReference, type Scalar, typeOf } from './values.ts';

/** What `ref` says of a value. */
export function refOf(value: Scalar): string {
  if (!isReference(value)) return '';
  if ('source' in value) return 'Regexp';
  return value.blessed ?? typeOf(value);
}
