import { expect, it } from 'vitest';
import { createHistorySearch } from './history-search.ts';

const history = ['ls /tmp', 'cat /etc/passwd', 'ls /root', 'id'];

function typed(keys: string) {
  const search = createHistorySearch(history);
  for (const key of keys) search.press(key);
  return search;
}

it('finds the latest line that holds what is typed, and an older one with each further Ctrl-R', () => {
  expect(typed('ls').found()).toBe('ls /root');
  expect(typed('ls\x12').found()).toBe('ls /tmp');
  expect(typed('ls').shown()).toBe("(reverse-i-search)`ls': ls /root");
});

it('keeps the last find and says so where nothing holds it', () => {
  expect(typed('lsx').shown()).toBe("(failed reverse-i-search)`lsx': ls /root");
});

it('leaves every other key to the line', () => {
  expect(createHistorySearch(history).press('\r')).toBe(false);
});
