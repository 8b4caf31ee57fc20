import { afterAll, beforeAll, expect, it } from 'vitest';
import { sshOptions } from './support/clients.ts';
import { startTestDecoy, type TestDecoy } from './support/decoy.ts';
import { type Answer, talk } from './support/talk.ts';

let test: TestDecoy;
beforeAll(async () => {
  test = await startTestDecoy();
});
afterAll(() => test?.close());

const prompt = /:~# $/;
const ssh = (script: readonly Answer[]) =>
  talk('ssh', [...sshOptions, '-tt', '-p', String(test.port), 'root@127.0.0.1'], script);

it('arrays, aliases and what is to be done at the end outlive their line', async () => {
  const shown = await ssh([
    [prompt, "a=(one two); alias q='echo aliased'; trap 'echo at the end' EXIT"],
    [prompt, `q \${a[1]} \${#a[@]}`],
    [prompt, 'exit'],
  ]);
  expect(shown).toContain('aliased two 2\r\n');
  expect(shown).toMatch(/at the end\r\n/);
});

it('what goes on behind the prompt is listed, heard, waited for and killed', async () => {
  const shown = await ssh([
    [prompt, '(sleep 0.3; echo from behind) & sleep 600 &'],
    [prompt, 'jobs'],
    [prompt, 'wait %1; echo waited $?'],
    [prompt, 'kill %2; sleep 0.1'],
    [prompt, 'jobs; exit'],
  ]);
  expect(shown).toMatch(/\[1\].{3}Running +\(sleep 0\.3; echo from behind\) &\r\n\[2\]\+ {2}Running +sleep 600 &/);
  expect(shown).toMatch(/from behind\r\n[\s\S]*waited 0/);
  expect(shown).toMatch(/\[2\]\+ {2}Terminated +sleep 600/);
});

it('vi and nano write what is typed, and Ctrl-R finds an older line', async () => {
  const shown = await ssh([
    [prompt, 'vi /tmp/made'],
    [/\[New\]/, 'ifirst\x1bosecond\x1b:wq'],
    [prompt, 'nano /tmp/made'],
    [/Where Is/, 'zero \x18y'],
    [prompt, 'cat /tmp/made; wc -l /tmp/made'],
    [prompt, '\x12cat /t'],
    [prompt, 'exit'],
  ]);
  expect(shown).toContain('zero first\r\nsecond\r\n2 /tmp/made\r\n');
  expect(shown).toContain("(reverse-i-search)`cat /t': cat /tmp/made");
});

it('crontab -e keeps a table that cron can read, and refuses another', async () => {
  const shown = await ssh([
    [prompt, 'EDITOR=vi crontab -e'],
    [/m h {2}dom/, 'Go* * * * * id > /tmp/cron-ran\x1b:wq'],
    [prompt, 'crontab -l | tail -1; echo "61 nonsense" | crontab -; echo status $?; crontab -r; exit'],
  ]);
  expect(shown).toContain('crontab: installing new crontab');
  expect(shown).toMatch(/\r\n\* \* \* \* \* id > \/tmp\/cron-ran\r\n/);
  expect(shown).toMatch(/bad minute[\s\S]*status 1/);
});
