import { createHash } from 'node:crypto';
import type { DecoyReport, TrapOrder } from '@cerberusmesh/contract/decoy';
import type { Ground } from './decoy.ts';
import { loginKind } from './shell/shell-kind.ts';
import type { WorldChange } from './world/node.ts';

/**
 * Lets files appear in the worlds of attackers, under sessions that are open too, and looks at them as such a session
 * would: by `cat` and `stat` in a shell of that world.
 */
export async function plantTrap(ground: Ground, { id, address, files }: TrapOrder): Promise<DecoyReport> {
  const started = performance.now();
  const { worlds, now } = ground;
  const changes = files.map(
    ({ path, content, mode, ageDays }): WorldChange => [
      path,
      {
        kind: 'file',
        mode,
        uid: 0,
        gid: 0,
        mtimeMs: now() - ageDays * 86_400_000,
        bytes: Buffer.from(content, 'base64'),
      },
    ],
  );
  // A world that nobody is in is opened for it, and kept when it is left.
  const keys = (address === null ? worlds.keys().map(worlds.reenter) : [await worlds.enter(address)]).flatMap(
    (entered) => entered?.key ?? [],
  );
  for (const key of keys) worlds.put(key, changes);
  const plantedMs = performance.now() - started;
  const [first] = keys;
  const sights = first === undefined ? [] : await Promise.all(files.map(({ path }) => look(ground, first, path)));
  for (const key of keys) worlds.leave(key);
  return { kind: 'planted', id, worlds: keys.length, plantedMs, sights };
}

let lastLook = 0;

async function look({ pool, persona }: Ground, world: string, path: string) {
  const chunks: Buffer[] = [];
  const quoted = `'${path.replace(/'/g, `'\\''`)}'`;
  const { ended } = pool.run({
    world,
    request: {
      shell: --lastLook,
      world,
      visitor: {
        user: 'root',
        sourceIp: '',
        sourcePort: 0,
        localPort: 0,
        terminal: null,
        columns: 80,
        sinceMs: 0,
        pid: 1000,
      },
      uid: 0,
      gid: 0,
      line: `stat -c %s ${quoted}; cat ${quoted}`,
      state: {
        cwd: '/',
        env: { PATH: '/usr/bin' },
        functions: {},
        status: 0,
        kind: loginKind(persona),
        lines: 0,
      },
      stdin: new Uint8Array(),
      history: [],
      others: [],
    },
    output: (bytes, isError) => {
      if (!isError) chunks.push(Buffer.from(bytes));
    },
    event: () => undefined,
    ask: async () => null,
    fetch: async () => null,
  });
  await ended;
  pool.forget(lastLook);
  const shown = Buffer.concat(chunks);
  const end = shown.indexOf(0x0a);
  return {
    path,
    sizeShown: Number(shown.toString('latin1', 0, Math.max(0, end))),
    sha256: createHash('sha256')
      .update(shown.subarray(end + 1))
      .digest('hex'),
  };
}
