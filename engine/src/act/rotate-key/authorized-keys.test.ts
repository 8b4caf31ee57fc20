import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesWith, withKeyBack, withKeyBeside, withoutKey } from './authorized-keys.ts';

const oldKey = 'ssh-ed25519 AAAAold';
const newKey = 'ssh-ed25519 AAAAnew';

describe('authorized_keys', () => {
  it.each([
    { description: 'plain', line: oldKey, beside: newKey },
    { description: 'with a comment', line: `${oldKey} a b`, beside: `${newKey} a b` },
    {
      description: 'with options',
      line: `no-pty,from="10.0.0.0/8" ${oldKey} a`,
      beside: `no-pty,from="10.0.0.0/8" ${newKey} a`,
    },
    { description: 'with blanks in an option', line: `command="a b" ${oldKey}`, beside: `command="a b" ${newKey}` },
    {
      description: 'with a quoted quote',
      line: `command="a \\" b" ${oldKey} c`,
      beside: `command="a \\" b" ${newKey} c`,
    },
    { description: 'indented', line: `  ${oldKey}`, beside: newKey },
    { description: 'with CRLF', line: `${oldKey} a\r`, beside: `${newKey} a\r` },
  ])('a line $description gets a new one beside it, with the same options and comment', ({ line, beside }) => {
    expect(withKeyBeside(`# x\n${line}\nssh-rsa AAAA\n`, oldKey, newKey)).toBe(
      `# x\n${line}\n${beside}\nssh-rsa AAAA\n`,
    );
  });

  it.each([
    { description: 'a comment', line: `# ${oldKey}` },
    { description: 'an option that names it', line: `command="echo ${oldKey}" ssh-rsa AAAA` },
    { description: 'a comment behind another key', line: `ssh-rsa AAAA ${oldKey}` },
    { description: 'a longer key', line: `${oldKey}er` },
  ])('is not taken for the key: $description', ({ line }) => {
    expect(linesWith(line, oldKey)).toEqual([]);
    expect(withoutKey(line, oldKey)).toBe(line);
  });

  it('is the same as before, byte for byte, after a change that was taken back at either step', () => {
    const option = fc.constantFrom('', 'no-pty ', 'command="a b" ');
    const line = fc.oneof(
      fc.string().map((text) => text.replaceAll('\n', '')),
      option.map((options) => `${options}ssh-rsa AAAAB3 x`),
    );
    const old = option.map((options) => `${options}${oldKey} x`);
    fc.assert(
      fc.property(fc.array(line), old, fc.array(line), fc.boolean(), (before, own, after, ends) => {
        const text = `${[...before, own, ...after].join('\n')}${ends ? '\n' : ''}`;
        const lines = linesWith(text, oldKey);
        const installed = withKeyBeside(text, oldKey, newKey);
        const removed = withoutKey(installed, oldKey);
        expect(linesWith(removed, oldKey)).toEqual([]);
        expect(linesWith(removed, newKey)).toHaveLength(1);
        expect(withKeyBeside(installed, oldKey, newKey)).toBe(installed);
        expect(withKeyBack(installed, newKey, lines)).toBe(text);
        expect(withKeyBack(removed, newKey, lines)).toBe(text);
        expect(withKeyBack(text, newKey, lines)).toBe(text);
      }),
    );
  });

  it('gets the old lines back at its end where even the new key is gone', () => {
    expect(withKeyBack('ssh-rsa AAAA', newKey, [oldKey])).toBe(`ssh-rsa AAAA\n${oldKey}\n`);
    expect(withKeyBack('', newKey, [oldKey])).toBe(`${oldKey}\n`);
  });
});
