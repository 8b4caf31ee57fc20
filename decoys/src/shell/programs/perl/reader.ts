import { PerlSyntax } from './faults.ts';

/** A text in quotes: what stands in it, by which sign, and whether it is to be read for variables. */
export interface Quoted {
  readonly text: string;
  readonly sign: string;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** The text of a program and how far it was read. Perl can only be cut into words by who knows what may come next, so this gives the pieces. */
export function createReader(text: string, firstLine = 1) {
  let at = 0;
  /** Here-documents of this line: where its end is, and where they end. */
  let documents = { from: -1, to: -1 };

  return {
    fault,
    skip,
    line,
    isAtEnd() {
      skip();
      return at >= text.length;
    },
    /** What comes next matches; nothing is taken. */
    sees(pattern: RegExp) {
      skip();
      return matchHere(pattern) !== undefined;
    },
    /** Without blanks before it. */
    seesHere: (pattern: RegExp) => matchHere(pattern) !== undefined,
    take(pattern: RegExp): string | undefined {
      skip();
      return takeHere(pattern);
    },
    takeHere,
    expect(sign: string): void {
      skip();
      if (!text.startsWith(sign, at)) fault();
      at += sign.length;
    },
    quoted,
    /** The second text of `s{}{}`, or `tr`. */
    secondOf(sign: string): string {
      if (closing[sign] === undefined) return closed(sign);
      skip();
      return quoted().text;
    },
    document,
    place: () => at,
    back: (place: number) => {
      at = place;
    },
  };

  function matchHere(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = stickyOf(pattern);
    sticky.lastIndex = at;
    return sticky.exec(text) ?? undefined;
  }

  function takeHere(pattern: RegExp): string | undefined {
    const found = matchHere(pattern);
    if (!found) return undefined;
    at += found[0].length;
    return found[1] ?? found[0];
  }

  function skip(): void {
    for (;;) {
      const before = at;
      if (text[at] === '\n' && at === documents.from) at = documents.to;
      else if (/\s/.test(text[at] ?? 'x')) at++;
      else if (text[at] === '#') at = lineEnd(at);
      else if (text[at] === '=' && (at === 0 || text[at - 1] === '\n') && /^=[a-z]/.test(text.slice(at, at + 2))) {
        const end = /\n=cut\b.*/.exec(text.slice(at));
        at = end ? at + end.index + end[0].length : text.length;
      }
      if (at === before) return;
    }
  }

  function lineEnd(from: number): number {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }

  function line(): number {
    let count = firstLine;
    for (let index = 0; index < Math.min(at, text.length); index++) if (text.charCodeAt(index) === 10) count++;
    return count;
  }

  function fault(): never {
    const rest = text.slice(at).replace(/\s+$/, '');
    if (rest === '') throw new PerlSyntax('at EOF', line());
    throw new PerlSyntax(`near "${rest.slice(0, 40)}"`, line());
  }

  function quoted(): Quoted {
    const sign = text[at] ?? '';
    if (sign === '') fault();
    at++;
    return { text: closed(sign), sign };
  }

  /** What stands before the sign that ends it; pairs of brackets within are its own. */
  function closed(sign: string): string {
    const end = closing[sign] ?? sign;
    let depth = 1;
    const start = at;
    for (; at < text.length; at++) {
      const character = text[at];
      if (character === '\\') at++;
      else if (character === end && --depth === 0) return text.slice(start, at++);
      else if (character === sign && end !== sign) depth++;
    }
    throw new PerlSyntax(
      `Can't find string terminator ${end === '"' ? `'"'` : `"${end}"`} anywhere before EOF`,
      line(),
    );
  }

  /** A here-document's text: it begins on the line after this one, and is stepped over when that is reached. */
  function document(end: string, isIndented: boolean): string {
    const lineStop = documents.from >= at ? documents.to : lineEnd(at);
    const from = documents.from >= at ? documents.from : lineStop;
    const lines = text.slice(lineStop + 1).split('\n');
    const length = lines.findIndex((each) => (isIndented ? each.trim() : each) === end);
    if (length < 0) throw new PerlSyntax(`Can't find string terminator "${end}" anywhere before EOF`, line());
    const body = lines.slice(0, length);
    documents = { from, to: Math.min(text.length, lineStop + 1 + [...body, lines[length] ?? ''].join('\n').length) };
    const indents = body.filter((each) => each.trim() !== '').map((each) => /^\s*/.exec(each)?.[0].length ?? 0);
    const indent = isIndented ? Math.min(...indents, 200) : 0;
    return body.map((each) => `${each.slice(indent)}\n`).join('');
  }
}

export type Reader = ReturnType<typeof createReader>;

const made = new Map<string, RegExp>();

function stickyOf(pattern: RegExp): RegExp {
  const key = pattern.source;
  const known = made.get(key);
  if (known) return known;
  const sticky = new RegExp(key, 'sy');
  made.set(key, sticky);
  return sticky;
}
