import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastSensorIn } from './own-name.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-own-name-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the name under which a Cowrie writes', () => {
  it.each([
    {
      description: 'of the latest whole line',
      text: '{"sensor":"old"}\n{"sensor":"web-1"}\n{"sensor":"we',
      name: 'web-1',
    },
    {
      description: 'whatever else stands there',
      text: '{"sensor":"web-1"}\nnot json\n[]\n{"sensor":7}\n',
      name: 'web-1',
    },
    {
      description: 'behind more than is read at once',
      text: `${'x'.repeat(99_999)}\n{"sensor":"web-1"}\n`,
      name: 'web-1',
    },
    { description: 'that nothing says yet', text: '', name: undefined },
  ])('is that $description', async ({ text, name }) => {
    const path = join(folder, 'cowrie.json');
    await writeFile(path, text);
    expect(await lastSensorIn(path)).toBe(name);
  });

  it('is not known where there is no log', async () => {
    expect(await lastSensorIn(join(folder, 'none.json'))).toBeUndefined();
  });
});
