import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectDir } from '../src/compose/project.ts';

it('every test that docs/security.md names as holding a promise is there, and every promise names one', () => {
  const text = readFileSync(join(projectDir, 'docs', 'security.md'), 'utf8');
  const promises = text.slice(text.indexOf('| promise |')).split('\n\n')[0]?.split('\n').slice(2) ?? [];
  expect(promises.length).toBeGreaterThan(10);
  for (const promise of promises) {
    const files = [...promise.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file = '']) => file);
    expect(files, promise).not.toEqual([]);
    expect(files.filter((file) => !existsSync(join(projectDir, file)))).toEqual([]);
  }
});
