import type { AttackerDesk } from '../serve/routes/attacker-desk.ts';
import { createAttackerDeskStore } from '../store/attacker-desk.ts';
import type { Database } from '../store/database.ts';

export interface AllowList {
  /** As they are known now; `refresh` learns what another process changed. */
  networks(): readonly string[];
  refresh(): Promise<void>;
  /** `undo` takes a block back; it says whether that succeeded. */
  desk(undo: (actionId: string) => Promise<boolean>): AttackerDesk;
}

/** Networks that are left alone, in memory: `decide` asks for each event. `onChange` is told before a change is answered. */
export async function openAllowList(database: Database): Promise<AllowList & { onChange(listener: () => void): void }> {
  const store = createAttackerDeskStore(database);
  const listeners = new Set<() => void>();
  let networks: readonly string[] = [];
  await refresh();
  return { networks: () => networks, refresh, desk, onChange: (listener) => void listeners.add(listener) };

  async function refresh(): Promise<void> {
    const read = (await store.listAllowed()).map(({ network }) => network);
    if (read.join(' ') === networks.join(' ')) return;
    networks = read;
    for (const listener of listeners) listener();
  }

  function desk(undo: (actionId: string) => Promise<boolean>): AttackerDesk {
    return {
      addNote: store.addNote,
      listAllowed: store.listAllowed,
      async allow(request, actor) {
        const allowed = await store.allow(request, actor);
        await refresh();
        const lifted: string[] = [];
        const stillBlocked: string[] = [];
        for (const id of await store.findBlocks(allowed.network)) ((await undo(id)) ? lifted : stillBlocked).push(id);
        return { ...allowed, lifted, still_blocked: stillBlocked };
      },
      async forbid(id, actor) {
        const gone = await store.forbid(id, actor);
        await refresh();
        return gone;
      },
    };
  }
}
