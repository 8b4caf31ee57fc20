import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSetting, withSettings } from './config-file.ts';

const run = promisify(execFile);
const wanted = [
  { section: 'honeypot', key: 'hostname', value: 'app-03' },
  { section: 'honeypot', key: 'contents_path', value: 'etc/cerberus/honeyfs' },
  { section: 'shell', key: 'filesystem', value: 'etc/cerberus/fs.pickle' },
];

describe("the settings in Cowrie's file", () => {
  it.each([
    { text: '', description: 'an empty file' },
    { text: '[honeypot]\nhostname = svr04\n', description: 'a value that is there' },
    { text: '[shell]\nfilesystem: x\n\n[honeypot]\nHostName=svr04', description: 'colons, capitals, no last newline' },
    { text: '[honeypot]\nhostname = a\n  b\n  c\nprompt = d\n', description: 'a value over several lines' },
    { text: '# [honeypot]\n#hostname = x\n[honeypot]\n; hostname = y\n', description: 'values that are comments' },
    { text: '[honeypot]\r\nhostname = svr04\r\n', description: 'lines with carriage returns' },
  ])("are read by Python's configparser as they were written, with $description", async ({ text }) => {
    const written = withSettings(text, wanted);
    const { stdout } = await run('python3', ['-c', readWithPython, written]);
    expect(JSON.parse(stdout)).toEqual(wanted.map(({ value }) => value));
  });

  it('leave every other line as it was', () => {
    const line = fc.constantFrom('[ssh]', '[x]', 'a = 1', '  b', '# c', '', 'd: 2', ';', 'listen = tcp:1 tcp:2');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const kept = withSettings(lines.join('\n'), wanted).split('\n');
        let at = 0;
        for (const original of lines) {
          at = kept.indexOf(original, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at++;
        }
      }),
    );
  });

  it('are not written twice', () => {
    const once = withSettings('[honeypot]\nhostname = svr04\n', wanted);
    expect(withSettings(once, wanted)).toBe(once);
    expect(once).toContain('before: svr04');
  });

  it('are read without regard to the case of the key, the last one counting', () => {
    expect(readSetting('[a]\nKey = 1\n[b]\nkey = 2\n[a]\n', 'a', 'key')).toBe('1');
    expect(readSetting('[a]\n#key = 1\n', 'a', 'key')).toBeUndefined();
  });
});

const readWithPython = `
import configparser, json, sys
parser = configparser.ConfigParser(interpolation=configparser.ExtendedInterpolation())
parser.read_string(sys.argv[1].replace("\\r\\n", "\\n"))
print(json.dumps([parser.get("honeypot", "hostname"), parser.get("honeypot", "contents_path"), parser.get("shell", "filesystem")]))`;
