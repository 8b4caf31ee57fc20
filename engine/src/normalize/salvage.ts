/** Lines above this are not searched: each try parses the rest, and the tries must stay cheap for whoever sends rubbish. */
const searchedCharactersMax = 1_000_000;
const triesMax = 16;

/**
 * Where a whole event begins inside a line that is no JSON, or undefined.
 *
 * It cannot be forged by what an attacker types: inside a JSON string his quotes are escaped, so the text `{"` with a
 * bare quote stands only where an object truly begins.
 */
export function findReadableEnd(text: string): number | undefined {
  if (text.length > searchedCharactersMax) return undefined;
  let start = 0;
  for (let tries = 0; tries < triesMax; tries++) {
    start = text.indexOf('{"', start + 1);
    if (start < 0) return undefined;
    if (isEvent(text.slice(start))) return start;
  }
  return undefined;
}

function isEvent(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'eventid' in json && 'timestamp' in json;
  } catch {
    return false;
  }
}
