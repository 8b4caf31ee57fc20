import { createActions } from '../../src/act/actions.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createDyingStore } from './dying-store.ts';
import { Death, openSetting } from './killed-setting.ts';

/** Run by `dieAtWrite`: ends itself with SIGKILL. */
const { beforeWrite, thenUndo, url, name, request, setting } = Death.parse(JSON.parse(process.argv[2] ?? ''));
const { store, action } = await openSetting(setting, request.kind, openDatabase({ url, applicationName: name }));
const actions = createActions({
  store: createDyingStore(store, beforeWrite),
  actions: [action],
  clock: systemClock,
  dryRun: false,
  approve: async () => ({ kind: 'granted', by: null }),
  ended: () => undefined,
});
const stop = new AbortController().signal;
const [outcome] = await actions.request(request, stop);
if (outcome && thenUndo) await actions.undo(outcome.id, stop);
process.exit(0);
