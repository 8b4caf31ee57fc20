import type { KeptNode } from '../../world/node.ts';
import type { Machine } from '../program.ts';

/** A file's text as whoever acts may read it; nothing where he may not, or where there is none. */
export function textOf(machine: Machine, path: string): string {
  return readText(machine, path) ?? '';
}

/** undefined where it cannot be read. What everybody may read is read whoever asks. */
export function readText({ world, actor }: Machine, path: string): string | undefined {
  try {
    const isOpen = path.startsWith('/etc/passwd') || path.startsWith('/etc/group') || path.startsWith('/var/spool');
    return Buffer.from(world.read(path, isOpen ? { uid: 0, gid: 0 } : actor)).toString('utf8');
  } catch {
    return undefined;
  }
}

/** A file of who runs the program, made now. */
export function keptFile(text: string, mode: number, { actor, now }: Machine): KeptNode {
  return { kind: 'file', mode, uid: actor.uid, gid: actor.gid, mtimeMs: now(), bytes: Buffer.from(text, 'utf8') };
}
