import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { evalCommand } from './eval.ts';

const folder = mkdtempSync(join(tmpdir(), 'cerberus-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('cerberus eval', () => {
  it('severity: counts agreement and leaves out lines on which raters differ', async () => {
    const figures = await run('severity', [
      { command: 'ls -la', severity: 'LOW' },
      { command: 'cat /etc/shadow', severity: 'HIGH' },
      { command: 'head x', severity: null },
    ]);
    expect(figures).toMatchObject({
      lines: 2,
      quadraticKappa: 1,
      accuracy: 1,
      confusion: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 0, 1],
      ],
    });
  });

  it('techniques: an id in a path tells nothing', async () => {
    const script = (command: string) => ({ command, technique_v18: 'T1003.008', tactics_v18: ['credential-access'] });
    expect(await run('techniques', [script('sudo cat /etc/shadow > /tmp/out.txt')])).toMatchObject({
      parentTop1: 1,
      tacticTop1: 1,
    });
    expect(await run('techniques', [script('touch /tmp/T1003.008')])).toMatchObject({ parentTop3: 0 });
  });

  it('tactics: a session counts as right only whole', async () => {
    const session = (labels: string[]) => ({ id: 'a', statements: ['uname -a ;', 'cat /proc/cpuinfo ;'], labels });
    expect(await run('tactics', [session(['Discovery', 'Discovery'])])).toMatchObject({ fidelity: 1, accuracy: 1 });
    expect(await run('tactics', [session(['Discovery', 'Impact'])])).toMatchObject({ fidelity: 0, accuracy: 0.5 });
  });

  it('names the line that has not the expected form', async () => {
    await expect(run('severity', [{ command: 'id', severity: 'LOW' }, { command: 7 }])).rejects.toThrow(
      /labelled\.jsonl:2/,
    );
  });
});

async function run(kind: string, lines: readonly object[]): Promise<unknown> {
  const file = join(folder, 'labelled.jsonl');
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const stdout = new PassThrough().setEncoding('utf8');
  await evalCommand({ stdin: new PassThrough(), stdout, stderr: new PassThrough() }).parseAsync([kind, file], {
    from: 'user',
  });
  return JSON.parse(String(stdout.read()));
}
