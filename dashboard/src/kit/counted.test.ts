import { describe, expect, it } from 'vitest';
import { counted } from './counted.ts';

describe('counted', () => {
  it('says one of a thing, and many of it', () => {
    expect([counted(0, 'session'), counted(1, 'session'), counted(2, 'address', 'addresses')]).toEqual([
      '0 sessions',
      '1 session',
      '2 addresses',
    ]);
  });
});
