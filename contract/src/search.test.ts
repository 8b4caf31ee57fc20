import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeFault, parseSearch, searchCharactersMax } from './search.ts';
import { eventFields } from './search-fields.ts';

const nodeOf = (text: string) => {
  const result = parseSearch(text, eventFields);
  return result.kind === 'search' ? result.node : describeFault(text, result.fault);
};
const field = (name: string, ...matches: object[]) => ({ kind: 'field', field: name, matches });
const is = (text: string) => ({ kind: 'is', text });
const text = (said: string) => ({ kind: 'text', text: said });

describe('a search is read as it is meant', () => {
  it.each([
    { said: '', meant: { kind: 'and', of: [] } },
    { said: 'wget', meant: text('wget') },
    { said: '"wget http://x/ | sh"', meant: text('wget http://x/ | sh') },
    { said: '"a \\" b \\\\ c \\n"', meant: text('a " b \\ c \\n') },
    { said: 'severity:high,MEDIUM', meant: field('severity', is('HIGH'), is('MEDIUM')) },
    { said: 'technique:t1105', meant: field('technique', is('T1105')) },
    { said: 'ip:203.0.113.0/24', meant: field('ip', { kind: 'network', address: '203.0.113.0', bits: 24 }) },
    { said: 'ip:2001:db8::/32', meant: field('ip', { kind: 'network', address: '2001:db8::', bits: 32 }) },
    { said: 'source_ip:2001:db8::1', meant: field('ip', is('2001:db8::1')) },
    { said: 'ip:203.0.113.*', meant: field('ip', { kind: 'like', parts: ['203.0.113.', ''] }) },
    { said: 'user:"a,b*"', meant: field('user', is('a,b*')) },
    { said: 'user:adm*', meant: field('user', { kind: 'like', parts: ['adm', ''] }) },
    { said: 'command:a,b', meant: field('command', is('a,b')) },
    { said: 'score:>0.8', meant: field('score', { kind: 'between', low: 0.8, high: null, open: true }) },
    { said: 'score:<=0.8', meant: field('score', { kind: 'between', low: null, high: 0.8, open: false }) },
    { said: 'port:22..1024', meant: field('port', { kind: 'between', low: 22, high: 1024, open: false }) },
    { said: 'after:2026-11-01', meant: field('after', { kind: 'moment', epochMs: Date.UTC(2026, 10, 1) }) },
    {
      said: 'before:2026-11-01T10:30+01:00',
      meant: field('before', { kind: 'moment', epochMs: Date.UTC(2026, 10, 1, 9, 30) }),
    },
    { said: 'after:24h', meant: field('after', { kind: 'ago', ms: 86_400_000 }) },
    { said: '-wget', meant: { kind: 'not', of: text('wget') } },
    { said: 'a b', meant: { kind: 'and', of: [text('a'), text('b')] } },
    {
      said: 'a AND b OR NOT c',
      meant: {
        kind: 'or',
        of: [
          { kind: 'and', of: [text('a'), text('b')] },
          { kind: 'not', of: text('c') },
        ],
      },
    },
    { said: '(a OR b) c', meant: { kind: 'and', of: [{ kind: 'or', of: [text('a'), text('b')] }, text('c')] } },
    { said: 'or', meant: text('or') },
    { said: '2001:db8::1', meant: text('2001:db8::1') },
  ])('$said', ({ said, meant }) => {
    expect(nodeOf(said)).toEqual(meant);
  });
});

describe('a fault points at its place and says what was expected', () => {
  it.each([
    { said: 'a severity:HUGE', told: 'At character 12: expected one of UNKNOWN, LOW, MEDIUM, HIGH, not HUGE' },
    { said: 'a "b', told: 'At character 3: expected a closing quotation mark, not "b' },
    { said: 'curl http://x', told: /^At character 6: expected one of the fields severity.*quote a text.*not http:$/ },
    { said: 'constructor:x', told: /^At character 1: expected one of the fields/ },
    { said: '(a', told: 'At character 3: expected a closing parenthesis, not the end' },
    { said: 'a)', told: 'At character 2: expected a word, or an opening parenthesis before, not )' },
    { said: 'a OR', told: 'At character 5: expected a word, not the end' },
    { said: 'score:much', told: /^At character 7: expected a number/ },
    { said: 'ip:203.0.113.0/33', told: /^At character 4: expected an address/ },
    { said: 'ip:999.1.1.1', told: /^At character 4: expected an address/ },
    { said: 'after:2026-13-01', told: /^At character 7: expected a day or a moment/ },
    { said: 'on:24h', told: /^At character 4: expected a day/ },
    { said: 'technique:x', told: /^At character 11: expected an ATT&CK id/ },
    { said: 'user:', told: /^At character 6: expected a value/ },
    { said: '""', told: /^At character 1: expected a word between/ },
    { said: 'a\u0000', told: /^At character 2: expected no U\+0000/ },
    { said: '('.repeat(30), told: /^At character 12: expected at most 10 levels/ },
    { said: 'a '.repeat(70), told: /^At character 129: expected at most 64 words/ },
    { said: 'a'.repeat(searchCharactersMax + 1), told: /^At character 1001: expected at most 1000 characters/ },
  ])('$said', ({ said, told }) => {
    expect(nodeOf(said)).toEqual(told instanceof RegExp ? expect.stringMatching(told) : told);
  });
});

describe('whatever is typed', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        'severity:',
        'ip:',
        '(',
        ')',
        '"',
        '-',
        ' OR ',
        '..',
        '*',
        '/24',
        '>',
        ',',
        '\\',
        ':',
        'after:7d',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 30 },
  );

  it('is read or told what is wrong with it, at a place within it', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const said = parts.join('');
        const result = parseSearch(said, eventFields);
        if (result.kind === 'search') return;
        expect(result.fault.at).toBeGreaterThanOrEqual(0);
        expect(result.fault.at).toBeLessThanOrEqual(said.length);
        expect(result.fault.expected).not.toBe('');
      }),
    );
  });

  it('any text can be searched for in quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), (said) => {
        fc.pre(!said.includes('\u0000'));
        const quoted = `"${said.replaceAll(/["\\]/g, '\\$&')}"`;
        expect(nodeOf(quoted)).toEqual(text(said));
        expect(nodeOf(`user:${quoted}`)).toEqual(field('user', is(said)));
      }),
    );
  });
});
