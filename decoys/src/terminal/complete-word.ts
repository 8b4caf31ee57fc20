import { childPath, resolvePath } from '../world/paths.ts';
import type { Actor, World } from '../world/world.ts';

const pathFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** What Tab offers for the last word of a line: programs for the first word, files for every other. */
export function completeWord(line: string, cwd: string, world: World, actor: Actor) {
  const word = /[^\s;|&<>()'"=]*$/.exec(line)?.[0] ?? '';
  const isFirst = /^(?:.*[;|&(]\s*)?\S*$/.test(line) && !word.includes('/');
  if (isFirst) {
    const names = pathFolders.flatMap((folder) => safeList(world, folder, actor));
    return { replace: word.length, names: [...new Set(names.filter((name) => name.startsWith(word)))].sort() };
  }
  const cut = word.lastIndexOf('/') + 1;
  const start = word.slice(cut);
  const folder = resolvePath(cwd, word.slice(0, cut) || '.');
  const names = safeList(world, folder, actor)
    .filter((name) => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
    .sort()
    .map((name) => (world.find(childPath(folder, name))?.kind === 'folder' ? `${name}/` : name));
  return { replace: start.length, names };
}

function safeList(world: World, folder: string, actor: Actor): string[] {
  try {
    return world.list(folder, actor);
  } catch {
    return [];
  }
}
