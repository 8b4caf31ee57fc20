import { ActionRequest } from '@cerberusmesh/contract/action';
import { z } from 'zod';
import { createActions } from '../../src/act/actions.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { createActionStore } from '../../src/store/actions.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createDyingStore } from './dying-store.ts';
import { createTestRotation } from './test-rotation.ts';

/** A process that rotates a key and ends itself with SIGKILL before its n-th write to the table. */
export const Death = z.object({
  beforeWrite: z.number(),
  url: z.string(),
  request: ActionRequest,
  awsUrl: z.string().optional(),
});

const { beforeWrite, url, request, awsUrl } = Death.parse(JSON.parse(process.argv[2] ?? ''));
const database = openDatabase({ url, applicationName: 'rotate-and-die' });
const store = createActionStore(database);
const actions = createActions({
  store: createDyingStore(store, beforeWrite),
  actions: [createTestRotation(database, awsUrl === undefined ? {} : { awsUrl })],
  clock: systemClock,
  dryRun: false,
  approve: async () => ({ kind: 'granted', by: null }),
  ended: () => undefined,
});
await actions.request(request, new AbortController().signal);
process.exit(0);
