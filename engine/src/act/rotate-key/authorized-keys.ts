/** One line of authorized_keys that holds a key, taken apart. */
interface KeyLine {
  readonly options: string;
  readonly type: string;
  readonly blob: string;
  readonly comment: string;
}

const keyType = /^(ssh|ecdsa|sk)-[a-z0-9@.-]+$/;

/** Every line of `text` that holds `publicKey` (type and base64), as it stands there. */
export function linesWith(text: string, publicKey: string): string[] {
  return text.split('\n').filter((line) => holds(line, publicKey));
}

/** The text with a line for `newKey` after each line of `oldKey`, with the same options and comment; once only. */
export function withKeyBeside(text: string, oldKey: string, newKey: string): string {
  if (linesWith(text, newKey).length > 0) return text;
  return editLines(text, (line) => {
    const parsed = holds(line, oldKey) ? parseKeyLine(line) : undefined;
    if (!parsed) return [line];
    const end = line.endsWith('\r') ? '\r' : '';
    const parts = [parsed.options, newKey, parsed.comment].filter((part) => part !== '');
    return [line, `${parts.join(' ')}${end}`];
  });
}

/** Whatever else stands in the file stays byte for byte. */
export function withoutKey(text: string, publicKey: string): string {
  return editLines(text, (line) => (holds(line, publicKey) ? [] : [line]));
}

/**
 * The old lines back where the new key stands, and the new key gone. Where the new key is not there, the old lines are
 * added at the end unless they are there.
 */
export function withKeyBack(text: string, newKey: string, oldLines: readonly string[]): string {
  const missing = oldLines.filter((line) => !text.split('\n').includes(line));
  let isPut = missing.length === 0;
  const edited = editLines(text, (line) => {
    if (!holds(line, newKey)) return [line];
    const put = isPut ? [] : missing;
    isPut = true;
    return put;
  });
  if (isPut) return edited;
  return `${edited}${edited === '' || edited.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`;
}

function editLines(text: string, edit: (line: string) => string[]): string {
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n');
  const edited = text === '' ? [] : lines.flatMap(edit);
  return edited.length === 0 ? '' : `${edited.join('\n')}${ends ? '\n' : ''}`;
}

function holds(line: string, publicKey: string): boolean {
  const parsed = parseKeyLine(line);
  return parsed !== undefined && `${parsed.type} ${parsed.blob}` === publicKey;
}

/** As sshd reads it: options may hold blanks within double quotes, and come before the key's type. */
function parseKeyLine(line: string): KeyLine | undefined {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return undefined;
  const [first, afterFirst] = splitAtBlank(trimmed);
  const hasOptions = !keyType.test(first);
  const [type, afterType] = hasOptions ? splitAtBlank(afterFirst) : [first, afterFirst];
  const [blob, comment] = splitAtBlank(afterType);
  if (!keyType.test(type) || blob === '') return undefined;
  return { options: hasOptions ? first : '', type, blob, comment };
}

function splitAtBlank(text: string): [string, string] {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && text[at + 1] === '"') at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === ' ' || character === '\t')) return [text.slice(0, at), text.slice(at).trim()];
  }
  return [text, ''];
}
