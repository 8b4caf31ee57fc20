import type { ActionStore } from '../../src/act/action-store.ts';

/** A store whose process ends itself with SIGKILL before the n-th write. */
export function createDyingStore(store: ActionStore, beforeWrite: number): ActionStore {
  return beforeEachWrite(store, async (write) => {
    if (write < beforeWrite) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  });
}

/** A store whose database is away from the n-th write on. */
export function createLeavingStore(store: ActionStore, fromWrite: number): ActionStore {
  return beforeEachWrite(store, async (write) => {
    if (write >= fromWrite) throw new Error('Connection terminated unexpectedly');
  });
}

function beforeEachWrite(store: ActionStore, meet: (write: number) => Promise<void>): ActionStore {
  let writes = 0;
  return {
    ...store,
    async insert(action) {
      await meet(++writes);
      return await store.insert(action);
    },
    async change(id, change) {
      await meet(++writes);
      await store.change(id, change);
    },
    async addStep(id, ...step) {
      await meet(++writes);
      await store.addStep(id, ...step);
    },
  };
}
