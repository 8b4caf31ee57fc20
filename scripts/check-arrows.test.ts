import { describe, expect, it } from 'vitest';
import { findBrokenArrows } from './check-arrows.mjs';

describe('an import against an arrow is found', () => {
  it.each([
    ['a stage that imports another stage', 'engine/src/assess/a.ts', "import { x } from '../store/b.ts';"],
    ['also only for a type', 'engine/src/serve/a.ts', "import type { X } from '../store/b.ts';"],
    ['also later, when it runs', 'engine/src/act/deep/a.ts', "const x = await import('../../collect/b.ts');"],
    ['also by exporting it again', 'engine/src/normalize/a.ts', "export { x } from '../assess/b.ts';"],
    ['also for its effect only', 'engine/src/normalize/a.ts', "import '../assess/b.ts';"],
    ['a stage that imports main', 'engine/src/collect/a.ts', "import { x } from '../main.ts';"],
    ['a kit file that knows a stage', 'engine/src/kit/a.ts', "import { x } from '../store/b.ts';"],
    ['a kit file that knows our words', 'engine/src/kit/a.ts', "import { X } from '@cerberusmesh/contract/decision';"],
    ['decide with a clock', 'engine/src/decide/a.ts', "import { systemClock } from '../kit/clock.ts';"],
    ['decide with a package', 'engine/src/decide/a.ts', "import { readFileSync } from 'node:fs';"],
    ['decide with any of the kit', 'engine/src/decide/a.ts', "import { ok } from '../kit/outcome.ts';"],
    ['a pipeline that knows a stage', 'engine/src/pipeline.ts', "import { x } from './assess/a.ts';"],
    ['a stage that imports the pipeline', 'engine/src/act/a.ts', "import type { X } from '../pipeline.ts';"],
    ['contract with anything but zod', 'contract/src/a.ts', "import { randomUUID } from 'node:crypto';"],
    ['SQL outside of store', 'engine/src/serve/a.ts', "import pg from 'pg';"],
    ['SQL in main', 'engine/src/main.ts', "import pg from 'pg';"],
    ['COPY outside of store', 'engine/src/commands/a.ts', "import { from } from 'pg-copy-streams';"],
    ['a program that needs the parts of tests', 'engine/src/main.ts', "import { x } from './serve/support/a.ts';"],
    [
      'an example that needs more than the contract',
      'examples/plugins/a.ts',
      "import { x } from '../../engine/src/kit/a.ts';",
    ],
    ['a dashboard that imports the engine', 'dashboard/src/a.tsx', "import { x } from '../../engine/src/main.ts';"],
  ])('%s', (_, path, text) => {
    expect(findBrokenArrows([{ path, text }])).toEqual([expect.stringContaining(`${path}: imports `)]);
  });
});

it.each([
  ['engine/src/store/a.ts', "import pg from 'pg';\nimport { retry } from '../kit/retry.ts';\nimport './b.ts';"],
  ['engine/src/decide/a.ts', "import type { Decision } from '@cerberusmesh/contract/decision';"],
  ['engine/src/main.ts', "import { x } from './store/a.ts';\nimport { y } from './serve/b.ts';"],
  ['engine/src/serve/support/a.ts', "import { x } from '../../store/b.ts';"],
  ['recordings/a.ts', "import { x } from '../engine/test/support/a.ts';"],
  ['engine/src/assess/a.test.ts', "import { x } from '../store/b.ts';"],
])('an import along the arrows is not: %s', (path, text) => {
  expect(findBrokenArrows([{ path, text }])).toEqual([]);
});
