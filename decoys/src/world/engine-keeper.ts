import type { KeptFile, WorldAnswer, WorldRequest } from '@cerberusmesh/contract/decoy-world';
import type { KeptNode, WorldChange } from './node.ts';
import type { KeptWorld, WorldKeeper } from './world-keeper.ts';

export interface EngineKeeperOptions {
  /** Says it to the engine. */
  readonly ask: (request: WorldRequest) => void;
  readonly answerMs: number;
}

/** So that no line to the engine is much longer than its largest file. */
const chunkBytes = 1024 * 1024;
const chunkFiles = 500;

/**
 * Worlds in the engine's database, over the standard streams. An engine that does not answer in time costs the visitor his old world
 * for this visit, never the login: what he changes then is kept beside it as soon as the engine is back.
 */
export function createEngineKeeper({ ask, answerMs }: EngineKeeperOptions) {
  const waiting = new Map<number, (answer: WorldAnswer | null) => void>();
  let lastId = 0;
  let isOver = false;
  const keeper: WorldKeeper = {
    async find(names) {
      const answer = await request((id) => ({ kind: 'find-world', id, names }));
      return answer?.kind === 'found-world' && answer.world !== null ? toKept(answer.world, answer.files) : null;
    },
    async keep({ world, names, changes }) {
      for (const files of chunksOf(changes)) {
        const answer = await request((id) => ({ kind: 'keep-world', id, world, names, files }));
        if (answer?.kind !== 'kept-world' || !answer.isKept) return false;
      }
      return true;
    },
    // The engine does it, for all decoys.
    expire: () => undefined,
  };
  return {
    keeper,
    hear(answer: WorldAnswer): void {
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
    /** Nobody answers any more. */
    end(): void {
      isOver = true;
      for (const settle of waiting.values()) settle(null);
      waiting.clear();
    },
  };

  function request(make: (id: number) => WorldRequest): Promise<WorldAnswer | null> {
    const id = ++lastId;
    const { promise, resolve } = Promise.withResolvers<WorldAnswer | null>();
    const timer = setTimeout(() => {
      waiting.delete(id);
      resolve(null);
    }, answerMs);
    waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    ask(make(id));
    if (isOver) waiting.get(id)?.(null);
    return promise;
  }
}

/** At least one, also where nothing changed: the names are kept with it. */
function chunksOf(changes: readonly WorldChange[]): KeptFile[][] {
  const chunks: KeptFile[][] = [[]];
  let bytes = 0;
  for (const change of changes) {
    const file = toFile(change);
    if (!file) continue;
    const size = file.node?.kind === 'file' ? file.node.content.length : 200;
    if (bytes + size > chunkBytes || (chunks.at(-1)?.length ?? 0) >= chunkFiles) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(file);
    bytes += size;
  }
  return chunks;
}

/** Undefined where a database cannot hold the path. */
function toFile([path, node]: WorldChange): KeptFile | undefined {
  if (path.includes('\0') || path.length > 4096 || !path.isWellFormed()) return undefined;
  if (node === null) return { path, node };
  const { mode, uid, gid, mtimeMs } = node;
  const owner = { mode: mode & 0o7777, uid, gid, mtimeMs };
  if (node.kind === 'file')
    return { path, node: { kind: 'file', ...owner, content: Buffer.from(node.bytes).toString('base64') } };
  if (node.kind === 'folder') return { path, node: { kind: 'folder', ...owner } };
  const target = node.target.slice(0, 4096).replaceAll('\0', '').toWellFormed();
  return { path, node: { kind: 'link', ...owner, target } };
}

function toKept(world: string, files: readonly KeptFile[]): KeptWorld {
  return { world, changes: files.map(({ path, node }): WorldChange => [path, node && toNode(node)]) };
}

function toNode(node: NonNullable<KeptFile['node']>): KeptNode {
  if (node.kind !== 'file') return node;
  const { content, ...rest } = node;
  return { ...rest, bytes: Buffer.from(content, 'base64') };
}
