/**
 * Which partition a line belongs to, before anything was read of it: by its session, so that a session stays in order;
 * a line that names none goes with its source. A quote within a JSON text is escaped, so what an attacker typed cannot
 * look like the key.
 */
export function partitionOf(text: string, sourceId: string, partitions: number): number {
  return hashOf(sessionOf(text) ?? sourceId) % partitions;
}

const session = /"session"\s*:\s*"([^"\\]{1,128})"/;

function sessionOf(text: string): string | undefined {
  return session.exec(text)?.[1];
}

/** FNV-1a with a last mix: session ids differ in few places, and all partitions must be hit. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x0100_0193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b_3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
