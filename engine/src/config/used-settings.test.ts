import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allSettings, type Setting } from './settings.ts';

it('a setting is read by somebody, or says that it is not used yet', () => {
  const texts = readSources();
  const settings = allSettings.filter(({ environmentOnly }) => !environmentOnly);
  const wrong = settings.filter((setting) => isRead(setting, texts) === (setting.notUsedYet === true));
  expect(wrong.map(({ section, key, notUsedYet }) => `${section}.${key} notUsedYet: ${notUsedYet === true}`)).toEqual(
    [],
  );
});

/** `http.port`, or `{ port } = config.http`. */
function isRead({ section, key }: Setting, texts: readonly string[]): boolean {
  const direct = new RegExp(`\\b${section}\\.${key}\\b`);
  const taken = new RegExp(`\\{[^{}]*\\b${key}\\b[^{}]*\\} = config\\.${section}\\b`);
  return texts.some((text) => direct.test(text) || taken.test(text));
}

/** Where a configuration is handed out: main.ts, compose and commands. */
function readSources(): string[] {
  const src = join(import.meta.dirname, '..');
  return ['.', 'compose', 'commands'].flatMap((folder) =>
    // Below compose a larger part has a folder of its own; below `.` are the stages, which are handed their settings.
    readdirSync(join(src, folder), { recursive: folder !== '.', encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'config.ts')
      .map((name) => readFileSync(join(src, folder, name), 'utf8')),
  );
}
