import { opens } from './credentials.ts';
import type { Ground } from './decoy.ts';
import { isPassword } from './shell/programs/users.ts';
import type { EnteredWorld } from './world/world-store.ts';

const secretMax = 1_000;

/**
 * The world of somebody who came with a password. One that he set in his world is the only one for its account from then on, and an
 * account that he made there is let in by it. @returns undefined where he is refused
 */
export async function enterByPassword(
  { persona, worlds }: Pick<Ground, 'persona' | 'worlds'>,
  sourceIp: string,
  user: string,
  given: string,
): Promise<EnteredWorld | undefined> {
  const isOpen = opens(persona, user, given);
  // A password that is refused leads to nobody's world but his own.
  const entered = await worlds.enter(sourceIp, [], isOpen ? given.slice(0, secretMax) : null);
  if (isPassword(hashOf(entered, user), given) ?? isOpen) return entered;
  worlds.leave(entered.key);
  return undefined;
}

function hashOf({ world }: EnteredWorld, user: string): string {
  const row = readFrom(world, '/etc/shadow')
    .split('\n')
    .find((line) => line.startsWith(`${user}:`));
  return row?.split(':')[1] ?? '';
}

/** As root reads it; nothing where it is not there. */
export function readFrom(world: EnteredWorld['world'], path: string): string {
  try {
    return Buffer.from(world.read(path, { uid: 0, gid: 0 })).toString('utf8');
  } catch {
    return '';
  }
}
