import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allSettings, type Setting } from './settings.ts';

it('every setting is read by somebody', () => {
  const texts = readSources();
  const unread = allSettings.filter((setting) => !setting.environmentOnly && !isRead(setting, texts));
  expect(unread.map(({ section, key }) => `${section}.${key}`)).toEqual([]);
});

/** `http.port`, or `{ port } = config.http`. */
function isRead({ section, key }: Setting, texts: readonly string[]): boolean {
  const direct = new RegExp(`\\b${section}\\.${key}\\b`);
  const taken = new RegExp(`\\{[^{}]*\\b${key}\\b[^{}]*\\} = config\\.${section}\\b`);
  return texts.some((text) => direct.test(text) || taken.test(text));
}

/** Where a configuration is handed out: main.ts, compose and commands; and where one setting is told from others. */
function readSources(): string[] {
  const src = join(import.meta.dirname, '..');
  const told = readFileSync(join(src, 'config', 'derive.ts'), 'utf8');
  const handedOut = ['.', 'compose', 'commands'].flatMap((folder) =>
    // Below compose a larger part has a folder of its own; below `.` are the stages, which are handed their settings.
    readdirSync(join(src, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'config.ts')
      .map((name) => readFileSync(join(src, folder, name), 'utf8')),
  );
  return [told, ...handedOut];
}
