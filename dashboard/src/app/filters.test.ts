import { expect, it } from 'vitest';
import { filtersOf, readSearch, writeSearch } from './filters.ts';

it('what is chosen stands in the address as it is, whatever it looks like, and is read from there again', () => {
  for (const text of ['60', 'false', 'null', '"cd /tmp"', '{"a":1}', '1e5', 'a b+c&d=e%#?', '007', 'ж\u202e']) {
    expect(readSearch(writeSearch({ q: text })), text).toEqual({ q: text });
  }
  expect(writeSearch({ days: '60', active: 'true', q: undefined })).toBe('?days=60&active=true');
  expect(writeSearch({})).toBe('');
});

it('only known names are taken, never longer than the API takes', () => {
  const read = filtersOf(['q', 'sensor']);
  expect(read(readSearch('?q=&sensor=a&evil=1'))).toEqual({ sensor: 'a' });
  expect(read({ q: 'x'.repeat(2000), sensor: 'y'.repeat(300) })).toEqual({
    q: 'x'.repeat(1000),
    sensor: 'y'.repeat(255),
  });
});
