const closing: Readonly<Record<string, string>> = { '$((': ')', '((': ')', '$(': ')', '(': ')', '${': '}', '$[': ']' };

/** What bash says to a text on which the parser came to no end: that something is left open, or what is no operand. */
export function cutArithmetic(text: string): string {
  const open = leftOpen(text);
  if (open !== undefined) return `unexpected EOF while looking for matching \`${open}'`;
  // No sign that begins a sum may stand within one: it would be looked at again from each of a hundred thousand.
  const [, before = '', token = '$'] =
    /(?:\(\(|\$\[|:|\[)([^()[\]{};:$]*)(\$(?![\w{(])[^()[\]{};:$]*)/.exec(text) ?? [];
  return `${before}${token}: syntax error: operand expected (error token is "${token}")`;
}

/** The sign that would close the innermost bracket or quote that is open at the end. */
function leftOpen(text: string): string | undefined {
  const open: string[] = [];
  for (const [token] of text.matchAll(/\\[\s\S]|'[^']*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|$)|\$?\(\(?|\$[{[]|[)}\]]/g)) {
    const quote = /^(?:'[^']*|"(?:\\[\s\S]|[^"\\])*)$/.test(token) ? token[0] : undefined;
    if (quote !== undefined) return quote;
    const sign = closing[token];
    if (sign !== undefined) open.push(...(token.endsWith('((') ? [sign, sign] : [sign]));
    else if (token === open.at(-1)) open.pop();
  }
  return open.at(-1);
}
