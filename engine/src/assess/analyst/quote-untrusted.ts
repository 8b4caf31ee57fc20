/**
 * What could act on a reader of the prompt instead of being read: C0 and C1 controls, everything that is invisible or
 * turns the direction of text, tag characters, variation selectors, private use, half surrogates; and, beyond ASCII, all
 * of it, because look-alike letters are the usual way around a filter. `<`, `>`, backtick and braces are
 * escaped too, so that no delimiter, tag or fence of ours can be imitated.
 */
const escaped = /[^\x20-\x7e]|[<>`{}|]/gu;

/**
 * An attacker's text as a JSON string in plain ASCII, cut in its middle to `charactersMax` characters. What is escaped
 * can still be read (`\u4f60`), and `JSON.parse` gives the text back.
 */
export function quoteUntrusted(text: string, charactersMax: number): string {
  // Escapes are six times as long as what they stand for: the bound holds for what is sent, and what is kept shrinks.
  for (let kept = charactersMax; ; kept = Math.floor(kept / 2)) {
    const quoted = JSON.stringify(shorten(text, kept)).replace(escaped, toEscapes);
    if (quoted.length <= charactersMax * 2 || kept < 16) return quoted;
  }
}

function shorten(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const head = Math.floor(charactersMax * 0.7);
  const tail = Math.floor(charactersMax * 0.2);
  return `${text.slice(0, head)} ...(${text.length - head - tail} characters left out)... ${text.slice(-tail)}`;
}

function toEscapes(found: string): string {
  return Array.from({ length: found.length }, (_, index) => {
    return `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
