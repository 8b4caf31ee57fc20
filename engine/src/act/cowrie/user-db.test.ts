import { describe, expect, it } from 'vitest';
import { findAccepted, isAccepted, parseUserDb } from './user-db.ts';

describe('the user rules of Cowrie', () => {
  it.each([
    { rules: 'root:x:!root\nroot:x:!/honeypot/i\nroot:x:*', username: 'root', description: 'a rule for any password' },
    { rules: 'oracle:x:Winter2024', username: 'oracle', description: 'one user with one password' },
    { rules: '# root:x:*\nroot:x:!*\n*:x:letmein', username: 'admin', description: 'everybody but root' },
    { rules: 'root:x:!*\n/^adm/:x:/^s/\nadmin:x:secret', username: 'admin', description: 'regular expressions' },
  ])('give credentials that they accept: $description', ({ rules, username }) => {
    const parsed = parseUserDb(rules);
    const found = findAccepted(parsed);
    expect(found?.username).toBe(username);
    expect(found && isAccepted(parsed, found)).toBe(true);
  });

  it('give none where all are refused', () => {
    expect(findAccepted(parseUserDb('*:x:!*'))).toBeUndefined();
    expect(findAccepted(parseUserDb(''))).toBeUndefined();
  });
});
