import { describe, expect, it } from 'vitest';
import { refusalOf } from './refusal.ts';

describe('who may press', () => {
  it('is told by his role and, where his token is confined, by its parts of the API', () => {
    expect(refusalOf({ role: 'operator', scopes: null }, 'operator in actions')).toBeUndefined();
    expect(refusalOf({ role: 'admin', scopes: ['actions'] }, 'operator in actions')).toBeUndefined();
    expect(refusalOf({ role: 'viewer', scopes: null }, 'operator in actions')).toBe(
      'This needs the role operator; you are viewer.',
    );
    expect(refusalOf({ role: 'admin', scopes: ['events', 'feeds'] }, 'operator in actions')).toBe(
      'Your token is only for events, feeds; this is of actions.',
    );
  });
});
