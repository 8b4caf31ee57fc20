import type { WorldNode } from '../world/node.ts';
import { loginNames } from './login-names.ts';

/** What the kernel tells a program of itself and only it can see: the environment that its login gave it. */
export function selfEntries(
  env: Readonly<Record<string, string>>,
  { uid, gid }: { readonly uid: number; readonly gid: number },
  nowMs: number,
): [path: string, node: WorldNode][] {
  const told = loginNames.flatMap((name) => (env[name] === undefined ? [] : [`${name}=${env[name]}\0`]));
  const make = () => Buffer.from(told.join(''), 'utf8');
  return [['/proc/self/environ', { kind: 'made', mode: 0o400, uid, gid, mtimeMs: nowMs, sizeBytes: 0, make }]];
}
