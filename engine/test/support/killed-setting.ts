import { type ActionKind, ActionRequest } from '@cerberusmesh/contract/action';
import { z } from 'zod';
import type { Action } from '../../src/act/action.ts';
import type { ActionStore } from '../../src/act/action-store.ts';
import { createActionStore } from '../../src/store/actions.ts';
import type { Database } from '../../src/store/database.ts';

/** What a process acts on until it is killed. */
export const Setting = z.discriminatedUnion('on', [
  z.object({ on: z.literal('folder'), folder: z.string() }),
  z.object({ on: z.literal('keys'), awsUrl: z.string().optional() }),
  z.object({ on: z.literal('cowrie'), cowrieDir: z.string(), port: z.number() }),
  /** As main.ts builds them, from settings. */
  z.object({ on: z.literal('engine'), env: z.record(z.string(), z.string()) }),
]);
export type Setting = z.output<typeof Setting>;

/** A process that carries out an action, and perhaps takes it back, until it is to write to the table for the n-th time. */
export const Death = z.object({
  beforeWrite: z.number(),
  thenUndo: z.boolean().default(false),
  url: z.string(),
  /** By which the server tells its connections from others. */
  name: z.string(),
  request: ActionRequest,
  setting: Setting,
});
export type Death = z.input<typeof Death>;

/** Imports what this setting needs and nothing else: to start a process is most of what a kill costs. */
export async function openSetting(
  setting: Setting,
  kind: ActionKind,
  database: Database,
): Promise<{ readonly store: ActionStore; readonly action: Action }> {
  if (setting.on === 'cowrie') return await openCowrie(setting, database);
  const store = createActionStore(database);
  if (setting.on === 'folder') {
    const { createFolderAction } = await import('./folder-action.ts');
    return { store, action: createFolderAction(setting.folder) };
  }
  if (setting.on === 'engine') {
    const { openEngineAction } = await import('./engine-action.ts');
    return { store, action: (await openEngineAction(kind, setting.env, database)).action };
  }
  const { createTestRotation } = await import('./test-rotation.ts');
  const at = setting.awsUrl === undefined ? {} : { awsUrl: setting.awsUrl };
  return { store, action: createTestRotation(database, at) };
}

async function openCowrie({ cowrieDir, port }: Extract<Setting, { on: 'cowrie' }>, database: Database) {
  const { createAdaptationStore } = await import('../../src/store/adaptations.ts');
  const { createProbe } = await import('../../src/act/cowrie/probe.ts');
  const { createCowriePlace } = await import('../../src/act/insert-trap/cowrie-place.ts');
  const { createInsertTrap } = await import('../../src/act/insert-trap/insert-trap.ts');
  const store = createAdaptationStore(database);
  const probe = createProbe({ key: Buffer.alloc(32, 7), now: () => new Date() });
  const place = (sensor: string) =>
    createCowriePlace({ sensor, cowrieDir, host: '127.0.0.1', port }, { probe, lifetimeSeconds: 3600 });
  return { store, action: createInsertTrap(place, store) };
}
