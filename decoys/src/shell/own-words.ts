import type { BashExecResult } from 'just-bash';
import { resolvePath } from '../world/paths.ts';
import { faultTexts } from '../world/world.ts';
import type { Machine } from './program.ts';

/** Whether the interpreter stopped a script at one of our limits: a real machine would still be busy. */
export function isLimit({ exitCode, stderr }: BashExecResult): boolean {
  return (
    (exitCode === 126 || exitCode === 124 || exitCode === 1) &&
    /increase executionLimits|limit exceeded|exceeded \(|too many (?:commands|iterations)|maximum (?:recursion|call|execution|nesting)/i.test(
      stderr,
    )
  );
}

/** The interpreter's error text as bash and the GNU programs say it. */
export function inOwnWords(stderr: string, machine: Machine, cwd = '/'): string {
  if (stderr === '') return '';
  const shell = machine.visitor.terminal ? '-bash: ' : 'bash: line 1: ';
  return stderr
    .replace(/\n\n$/, '\n')
    .split('\n')
    .map((line) => retell(line.replace(/^bash: (?:line \d+: )?/, shell), machine, cwd))
    .join('\n');
}

function retell(line: string, machine: Machine, cwd: string): string {
  const [, head, path = '', text = ''] = /^(-?\w[\w.+-]*(?:: line 1)?): (.+?): ([^:]+)$/.exec(line) ?? [];
  if (head === undefined) return line;
  if (text === 'cannot open redirect target' || text === faultTexts.ENOENT) {
    return `${head}: ${path}: ${whyNot(resolvePath(cwd, path.replace(/^cannot \w+ ['‘]|['’]$/g, '')), machine, text)}`;
  }
  return line;
}

function whyNot(path: string, { world, actor }: Machine, said: string): string {
  const node = world.lookAt(path);
  if (!node) return faultTexts.ENOENT;
  if (node.kind === 'folder') return faultTexts.EISDIR;
  if (said !== faultTexts.ENOENT || actor.uid !== 0) return faultTexts.EACCES;
  return said;
}
