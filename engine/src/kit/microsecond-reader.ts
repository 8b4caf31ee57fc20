const minuteForm = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:$/;
const [dot, zulu, zero] = [0x2e, 0x5a, 0x30];

/**
 * Reads `2026-11-21T23:50:52.062702Z`, as Cowrie writes times and we keep them, as microseconds since 1970; a text of any other
 * form is undefined. Texts that follow each other share their minute as a rule, which is then read once: a tenth of the
 * time of a regular expression and `Date.parse`.
 */
export function createMicrosecondReader(): (text: string) => number | undefined {
  let minute = '';
  let minuteMs = 0;

  return function readMicroseconds(text) {
    if (text.length !== 27 || text.charCodeAt(19) !== dot || text.charCodeAt(26) !== zulu) return undefined;
    if ((minute === '' || !text.startsWith(minute)) && !readMinute(text)) return undefined;
    const second = digitsOf(text, 17, 19);
    const fraction = digitsOf(text, 20, 26);
    return second < 0 || second > 59 || fraction < 0 ? undefined : (minuteMs + second * 1000) * 1000 + fraction;
  };

  function readMinute(text: string): boolean {
    const asked = text.slice(0, 17);
    if (!minuteForm.test(asked)) return false;
    const ms = Date.parse(`${asked}00Z`);
    if (Number.isNaN(ms)) return false;
    [minute, minuteMs] = [asked, ms];
    return true;
  }
}

/** The number that these characters write; -1 where one of them is no digit. */
function digitsOf(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
