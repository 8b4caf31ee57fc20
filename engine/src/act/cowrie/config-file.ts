/** One value of Cowrie's INI file. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

/** Stands above each line that we wrote, so that a person who reads the file knows whose it is. */
const settingMark = '# Written by "cerberus prepare"';

/**
 * The value that Cowrie reads there, undefined where the file does not set it. Of a value over several lines only the
 * first is given.
 */
export function readSetting(text: string, section: string, key: string): string | undefined {
  const lines = parseLines(text);
  return lines.findLast((line) => line.kind === 'option' && line.section === section && line.key === key)?.value;
}

/**
 * The same file with these values, every other byte as it was. Python's reader refuses a key or a section that stands
 * twice, so a value that is there is replaced in its place, and what it was is kept in the comment above it.
 */
export function withSettings(text: string, settings: readonly Setting[]): string {
  return settings.reduce(withSetting, text);
}

function withSetting(text: string, { section, key, value }: Setting): string {
  if (readSetting(text, section, key) === value) return text;
  const lines = parseLines(text);
  const start = lines.findLastIndex((line) => line.kind === 'option' && line.section === section && line.key === key);
  const header = lines.findLastIndex((line) => line.kind === 'section' && line.section === section);
  const was = lines[start]?.value;
  const mark = was === undefined ? settingMark : `${settingMark}; before: ${was}`;
  const written = [mark, `${key} = ${value}`];
  const raw = lines.map((line) => line.raw);
  if (start >= 0) raw.splice(start, optionLength(lines, start), ...written);
  else if (header >= 0) raw.splice(header + 1, 0, ...written);
  else raw.splice(raw.at(-1) === '' ? raw.length - 1 : raw.length, 0, '', `[${section}]`, ...written);
  return raw.join('\n');
}

interface Line {
  readonly raw: string;
  readonly kind: 'section' | 'option' | 'continuation' | 'other';
  readonly section: string;
  readonly key?: string;
  readonly value?: string;
}

function optionLength(lines: readonly Line[], start: number): number {
  let end = start + 1;
  while (lines[end]?.kind === 'continuation') end++;
  return end - start;
}

/** Reads as Python's configparser does: keys without regard to case, `=` or `:`, indented lines go on with the value. */
function parseLines(text: string): Line[] {
  let section = '';
  let optionIndent: number | null = null;
  return text.split('\n').map((raw): Line => {
    const trimmed = raw.trim();
    const indent = raw.length - raw.trimStart().length;
    if (trimmed === '' || /^[#;]/.test(trimmed)) return { raw, kind: 'other', section };
    if (optionIndent !== null && indent > optionIndent) return { raw, kind: 'continuation', section };
    const header = /^\[(.+)\]/.exec(trimmed)?.[1];
    if (header !== undefined) {
      section = header;
      optionIndent = null;
      return { raw, kind: 'section', section };
    }
    const option = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (!option) return { raw, kind: 'other', section };
    optionIndent = indent;
    return { raw, kind: 'option', section, key: (option[1] ?? '').toLowerCase(), value: option[2] ?? '' };
  });
}
