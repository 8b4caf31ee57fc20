/** No sensor nests deeper than ten. PostgreSQL stores twenty thousand levels, and then has no stack left to look into them. */
export const nestingMax = 1_000;

const [quote, backslash] = [0x22, 0x5c];
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** Whether sound JSON is nested deeper than `nestingMax`; most lines are too short to be, and are not looked through. */
export function isTooDeep(json: string): boolean {
  if (json.length <= 2 * nestingMax) return false;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (isText && code === backslash) at++;
    else if (code === quote) isText = !isText;
    else if (!isText && opening.has(code) && ++depth > nestingMax) return true;
    else if (!isText && closing.has(code)) depth--;
  }
  return false;
}
