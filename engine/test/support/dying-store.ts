import type { ActionStore } from '../../src/act/action-store.ts';

/** A store whose process ends itself with SIGKILL before the n-th write. */
export function createDyingStore(store: ActionStore, beforeWrite: number): ActionStore {
  let writes = 0;
  return {
    ...store,
    insert: async (action) => await store.insert(await alive(action)),
    change: async (id, change) => await store.change(await alive(id), change),
    addStep: async (id, ...step) => await store.addStep(await alive(id), ...step),
  };

  async function alive<T>(value: T): Promise<T> {
    if (++writes < beforeWrite) return value;
    process.kill(process.pid, 'SIGKILL');
    return await new Promise(() => undefined);
  }
}
