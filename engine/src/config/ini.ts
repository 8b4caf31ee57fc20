/** One `key = value` of an INI file, with the line where it stands. */
export interface IniEntry {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface IniFault {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads the INI of Python's configparser, which the first description's config.ini is: `[section]`, `key = value` or
 * `key: value`, whole-line comments with `#` or `;`. Nothing is coerced, and a key given twice is a fault, because the
 * reader of the file cannot know which one counts.
 */
export function parseIni(text: string): { entries: IniEntry[]; faults: IniFault[] } {
  const entries: IniEntry[] = [];
  const faults: IniFault[] = [];
  const seen = new Map<string, number>();
  let section = '';
  for (const [index, whole] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    const content = whole.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    const heading = /^\[([^\]]*)\]$/.exec(content)?.[1];
    if (heading !== undefined) {
      section = heading.trim().toLowerCase();
      continue;
    }
    const entry = readEntry(content, section, line);
    if ('text' in entry) {
      faults.push(entry);
      continue;
    }
    const name = `[${entry.section}] ${entry.key}`;
    const before = seen.get(name);
    if (before !== undefined) faults.push({ line, text: `${name} stands in line ${before} already; keep one of them` });
    seen.set(name, line);
    entries.push(entry);
  }
  return { entries, faults };
}

function readEntry(content: string, section: string, line: number): IniEntry | IniFault {
  const split = content.search(/[=:]/);
  if (split < 1) return { line, text: `expected [section] or key = value, came ${shorten(content)}` };
  const key = content.slice(0, split).trim().toLowerCase();
  if (section === '') return { line, text: `${key} stands before the first [section]; put it below one` };
  return { section, key, value: unquote(content.slice(split + 1).trim()), line };
}

function unquote(value: string): string {
  const quote = value[0];
  const quoted = value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return quoted ? value.slice(1, -1) : value;
}

// A line that is not an entry may be a part of a secret that was pasted with its line breaks.
function shorten(content: string): string {
  return content.length > 12
    ? `${JSON.stringify(content.slice(0, 6))}… (${content.length} characters)`
    : JSON.stringify(content);
}
