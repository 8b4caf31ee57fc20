import { bytesOf } from '../world/node.ts';
import { childPath, nameOf } from '../world/paths.ts';
import type { World } from '../world/world.ts';

const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const root = { uid: 0, gid: 0 };

/**
 * Which program of the persona a file is, by whatever name: bots copy `echo` or `busybox` and run the copy. Undefined for what
 * the visitor brought.
 */
export function programOf(world: World, place: string): string | undefined {
  const node = world.find(place);
  if (node?.kind === 'made') return nameOf(place);
  if (node?.kind !== 'file') return undefined;
  for (const folder of folders.filter((each) => world.lookAt(each)?.kind === 'folder')) {
    for (const name of world.list(folder, root)) {
      const program = world.lookAt(childPath(folder, name));
      if (program?.kind !== 'made' || program.sizeBytes !== node.bytes.length) continue;
      if (Buffer.compare(bytesOf(program), node.bytes) === 0) return name;
    }
  }
  return undefined;
}
