import { expect, it } from 'vitest';
import { roles, toldRoles } from './roles.ts';

it('a process says of itself what it does and no more', () => {
  expect(Object.fromEntries(roles.map((role) => [role, toldRoles(role).join(' ')]))).toEqual({
    up: 'sensor ingest worker serve',
    ingest: 'sensor ingest serve',
    worker: 'worker serve',
    serve: 'serve',
  });
});
