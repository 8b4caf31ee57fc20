import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionDeclaration, ActionRequest } from '@cerberusmesh/contract/action';
import { z } from 'zod';
import { type Action, type ActionDefinition, defineAction, type Look, type Undone } from '../../src/act/action.ts';

const Parameters = z.strictObject({ name: z.string(), seconds: z.number().nullable().default(60) });
const Plan = z.object({ text: z.string() });

export const folderDeclaration: ActionDeclaration & { readonly parameters: typeof Parameters } = {
  kind: 'escalate',
  does: 'Writes two files, for the tests of the runner.',
  needs: [],
  parameters: Parameters,
  example: { name: 'a' },
  undo: 'Removes both.',
  reversible: true,
  deadlineSeconds: 5,
  budgetPerHour: 10,
};

/** A request of the engine's own, about a session of high severity. */
export function aRequest(parameters: Record<string, unknown> = { name: 'a' }): ActionRequest {
  const about = { severity: 'HIGH' as const, sensor: 'trap', sessionId: 's1', sourceIp: '198.51.100.7' };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'engine', reason: 'A test.', ...about };
  return { kind: 'escalate', parameters, lifetimeSeconds: null, cause };
}

/** An action that really changes something: two files in a folder, with a step between them. */
export function createFolderAction(
  folder: string,
  wrong: {
    readonly check?: () => Promise<undefined>;
    readonly run?: (signal: AbortSignal) => Promise<void>;
    readonly look?: () => Promise<Look>;
    readonly undo?: () => Promise<Undone>;
    readonly declaration?: Partial<ActionDeclaration>;
    readonly rules?: Pick<ActionDefinition<typeof Parameters, typeof Plan>, 'placeOf' | 'reaches' | 'standsUnseen'>;
  } = {},
): Action {
  const path = (name: string, part: string) => join(folder, `${name}.${part}`);
  return defineAction({
    declaration: { ...folderDeclaration, ...wrong.declaration, parameters: Parameters },
    plan: Plan,
    ...wrong.rules,
    targets: async (wanted) => (wanted.name === 'nobody' ? 'There is nobody.' : [wanted]),
    targetOf: ({ name }) => `folder ${name}`,
    lifetimeSeconds: ({ seconds }) => seconds,
    check: async ({ name }) =>
      (await wrong.check?.()) ?? (name === 'forbidden' ? 'That name is forbidden.' : undefined),
    makePlan: async (_parameters, _cause, id) => ({ text: id }),
    async run({ parameters, plan, signal, step }) {
      await writeFile(path(parameters.name, 'one'), plan.text);
      await step('first file');
      await wrong.run?.(signal);
      await writeFile(path(parameters.name, 'two'), plan.text);
      await step('second file');
      return { files: 2 };
    },
    async verify({ parameters, plan }) {
      if (wrong.look) return await wrong.look();
      const texts = await Promise.all(['one', 'two'].map((part) => readFile(path(parameters.name, part), 'utf8')));
      const verified = texts.every((text) => text === plan.text);
      return { verified, looked: true, why: verified ? 'Both files are there.' : 'The files hold something else.' };
    },
    async undo({ parameters }) {
      const problem = await wrong.undo?.();
      if (problem !== undefined) return problem;
      for (const part of ['two', 'one']) await rm(path(parameters.name, part), { force: true });
      return undefined;
    },
  });
}
