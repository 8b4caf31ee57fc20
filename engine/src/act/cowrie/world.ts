import { createHash } from 'node:crypto';
import type { Placeholder } from './adaptations/adaptation.ts';
import type { Persona } from './manifest.ts';
import type { Overlay } from './overlay.ts';
import type { PersonaDescription } from './persona/description.ts';
import { dress } from './persona/dress.ts';
import { findNode, putFile, removeNode, type TreeNode } from './tree.ts';

const secondsPerDay = 86_400;

/** Changes Cowrie's own tree into a world with placeholders for all that may be planted later; what names a machine is `settle`'s. */
export function furnish(
  root: TreeNode,
  {
    overlay,
    persona,
    placeholders,
    now,
  }: { overlay: Overlay; persona: Persona; placeholders: readonly Placeholder[]; now: Date },
): void {
  for (const path of overlay.remove) removeNode(root, path);
  for (const { path, levels } of overlay.keepDepth) cutBelow(findNode(root, path), levels);
  renameUser(root, overlay, persona.user);
  // First, so that the folders of private files are private.
  for (const { path, content, mode, ageDays } of placeholders) put(path, Buffer.byteLength(content), mode, ageDays);
  for (const { path, size } of overlay.tools) put(path, size, 0o755, 120);
  for (const file of overlay.files) {
    const text = `${file.lines.join('\n')}\n`;
    put(file.path, Buffer.byteLength(text), Number.parseInt(file.mode, 8), file.ageDays);
    setContent(root, file.path, text);
  }

  function put(path: string, size: number, mode: number, ageDays: number): void {
    // Files that all changed at the same minute of the day would tell that a program made them.
    const timeOfDay =
      createHash('sha256')
        .update(persona.hostname + path)
        .digest()
        .readUInt32BE() % secondsPerDay;
    const changedAt = Math.floor(now.getTime() / 1000 - ageDays * secondsPerDay - timeOfDay);
    putFile(root, { path, size, mode, uid: 0, gid: 0, changedAt });
  }
}

/** Makes the furnished world one machine. `machine` is undefined for a world that the operator made himself. */
export function settle(root: TreeNode, persona: Persona, machine: PersonaDescription | undefined): void {
  setContent(root, '/etc/hostname', `${persona.hostname}\n`);
  setContent(root, '/etc/hosts', hostsText(persona));
  if (machine) dress(root, machine);
  measureEtc(root);
}

function cutBelow(node: TreeNode | undefined, levels: number): void {
  if (!node) return;
  if (levels === 0) node.children = [];
  for (const child of node.children) cutBelow(child, levels - 1);
}

function renameUser(root: TreeNode, { defaultUser, defaultFullName }: Overlay, to: string): void {
  const home = findNode(root, `/home/${defaultUser}`);
  if (home) home.name = to;
  for (const path of ['/etc/passwd', '/etc/group', '/etc/shadow']) {
    const node = findNode(root, path);
    if (!node?.content) continue;
    const text = Buffer.from(node.content).toString('utf8');
    setContent(root, path, text.replaceAll(defaultFullName, to).replaceAll(defaultUser, to));
  }
}

function setContent(root: TreeNode, path: string, text: string): void {
  const node = findNode(root, path);
  if (!node) return;
  node.content = Buffer.from(text);
  node.size = node.content.length;
}

/** Cowrie's own tree shows other sizes than its contents have, a difference that `wc -c` tells. */
function measureEtc(root: TreeNode): void {
  for (const node of findNode(root, '/etc')?.children ?? []) {
    if (node.content && node.content.length > 0) node.size = node.content.length;
  }
}

function hostsText({ hostname, domain }: Persona): string {
  return `127.0.0.1\tlocalhost
127.0.1.1\t${hostname}

10.20.0.21\tdb-01.${domain}\tdb-01
10.20.0.22\tdb-02.${domain}\tdb-02
10.20.0.40\tnas-01.${domain}\tnas-01

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;
}
