import { plainEventIds, readers } from '../../src/normalize/readers.ts';

/** What attackers write where people will read it; each begins with a mark by which it is found again. */
export const hostileTexts = [
  `xss1 <img src=x onerror="window.ran=1"><script>window.ran=1</script>"'><svg/onload=window.ran=1>`,
  'xss2 javascript:window.ran=1 </title><iframe srcdoc="<script>parent.ran=1</script>"></iframe> &lt;b&gt;',
  'bidi \u202egpj.exe\u202c \u2066hidden\u2069 \u200fright\u200b\u200d\ufeff',
  'ansi \u001b[2J\u001b[31mred\u001b]0;owned\u0007\u009b31m \b\b\b\u007f\r\n\t end',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it stays a text is the point.
  'tmpl {{7*7}} ${7*7} <%= 7*7 %> #{7*7} {{constructor.constructor("window.ran=1")()}}',
  "=cmd|' /C calc'!A0",
  '\u0000null \ud800 lone \udfff __proto__ constructor',
  `zalgo ${'h\u0336\u0317\u0353\u0489\u0301\u0302'.repeat(200)} <svg onload=window.ran=1>.svg`,
  'pretend p\u0430yp\u0430l.com \u0440\u043e\u043et \u2800\u3164\uffa0\u115f\ufe0f\u{e0041}\u{e0142} end',
  'rtl \u05d0\u05d1\u05d2 \u0627\u0644\u0639\u0631\u0628\u064a\u0629 (123) [456] 203.0.113.9 \u05d4',
  `zwj ${'\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}\u{1f3ff}'.repeat(300)}`,
  `unbroken ${'a'.repeat(3000)}${'/'.repeat(500)}?${'%41'.repeat(800)}`,
  `wide ${'W'.repeat(5000)}${'🏴‍☠️'.repeat(50)}${'\u0301'.repeat(500)}`,
] as const;

const fields = [
  ...[
    'username',
    'password',
    'input',
    'message',
    'version',
    'url',
    'outfile',
    'shasum',
    'destfile',
    'filename',
    'data',
  ],
  ...[
    'ttylog',
    'fingerprint',
    'key',
    'type',
    'arch',
    'name',
    'value',
    'hassh',
    'hasshAlgorithms',
    'dst_ip',
    'protocol',
  ],
];

/** A line of every kind of event for every hostile text, in all of its fields; half of them have even a hostile address. */
export function makeHostileLines(now: Date): string[] {
  const eventIds = [...readers.keys(), ...plainEventIds, 'cowrie.made.up', hostileTexts[0]];
  return hostileTexts.flatMap((text, at) =>
    eventIds.map((eventid, index) => {
      const isWhole = (index + at) % 2 === 0;
      return JSON.stringify({
        ...Object.fromEntries(fields.map((field) => [field, text])),
        eventid,
        timestamp: new Date(now.getTime() - (at * eventIds.length + index) * 1000).toISOString().replace('Z', '000Z'),
        session: isWhole ? text.slice(0, 200) : `session-${at}`,
        src_ip: isWhole ? text.slice(0, 200) : `203.0.113.${at}`,
        sensor: isWhole ? text.slice(0, 200) : 'sensor-a',
        src_port: 4242,
        dst_port: 80,
        size: 1,
        duration: '1',
        width: 80,
        height: 24,
        [text.slice(0, 60)]: { [text.slice(0, 60)]: [text] },
      });
    }),
  );
}

/** One line whose command, names and everything else have a megabyte each. */
export function makeHugeLine(now: Date): string {
  const text = `huge ${'<b>\u202e\u001b'.repeat(200_000)}`;
  return JSON.stringify({
    ...{ eventid: 'cowrie.command.input', timestamp: now.toISOString(), session: 'huge', src_ip: '203.0.113.250' },
    ...{ sensor: 'sensor-a', input: text, message: text },
  });
}
