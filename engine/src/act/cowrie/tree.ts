import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type PickleValue, readPickle, writePickle } from './pickle.ts';

/** A file, folder or link of the world that Cowrie shows; Cowrie keeps it as a list of these ten. */
export interface TreeNode {
  name: string;
  kind: number;
  uid: number;
  gid: number;
  /** What `ls` shows. It is not measured from the content, so it must be kept equal by hand. */
  size: number;
  mode: number;
  /** Seconds since 1970; `ls` shows it as the time of change. */
  changedAt: number;
  children: TreeNode[];
  content: Uint8Array | null;
  target: string | null;
  realFile: string | null;
}

const nodeKind = { link: 0, folder: 1, file: 2 } as const;

export interface NewFile {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly changedAt: number;
}

/** Throws COWRIE_UNUSABLE for bytes that are no Cowrie file system. */
export function readTree(bytes: Uint8Array): TreeNode {
  try {
    return nodeOf(readPickle(bytes));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CerberusError('COWRIE_UNUSABLE', `The file system pickle cannot be read: ${why}.`, cause);
  }
}

/** The tree as Cowrie reads it, in its pickle. */
export function writeTree(root: TreeNode): Buffer {
  return writePickle(rowOf(root));
}

/** The node at `path`, links not followed; undefined where there is none. */
export function findNode(root: TreeNode, path: string): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of namesOf(path)) node = node?.children.find((child) => child.name === name);
  return node;
}

/** Follows links of folders, such as Debian's /bin → usr/bin, so that one file is not planted under two names. */
export function resolvePath(root: TreeNode, path: string): string {
  let here = '';
  for (const name of namesOf(path)) {
    const node = findNode(root, `${here}/${name}`);
    const target = node?.kind === nodeKind.link ? node.target : null;
    here = target === null ? `${here}/${name}` : target.startsWith('/') ? target : `${here}/${target}`;
  }
  return here;
}

/** Puts a file without content there, with the folders above it; what had that name is replaced. */
export function putFile(root: TreeNode, file: NewFile): void {
  const names = namesOf(resolvePath(root, file.path));
  const name = names.pop();
  if (name === undefined) throw new CerberusError('COWRIE_UNUSABLE', `"${file.path}" is not the path of a file.`);
  const folder = names.reduce((parent, part) => openFolder(parent, part, file), root);
  folder.children = folder.children.filter((child) => child.name !== name);
  folder.children.push({ ...emptyNode(name, nodeKind.file), ...pick(file), mode: 0o100000 | file.mode });
}

/** Takes out a node with all below it; without effect where there is none. */
export function removeNode(root: TreeNode, path: string): void {
  const names = namesOf(path);
  const name = names.pop();
  const folder = findNode(root, names.join('/'));
  if (folder) folder.children = folder.children.filter((child) => child.name !== name);
}

export function countNodes(node: TreeNode): number {
  return node.children.reduce((sum, child) => sum + countNodes(child), 1);
}

function openFolder(parent: TreeNode, name: string, file: NewFile): TreeNode {
  const there = parent.children.find((child) => child.name === name);
  if (there) return there;
  // A folder that is made for a private file is private itself, as .aws and .ssh are.
  const mode = (file.mode & 0o077) === 0 ? 0o40700 : 0o40755;
  const made = { ...emptyNode(name, nodeKind.folder), ...pick(file), size: 4096, mode };
  parent.children.push(made);
  return made;
}

function emptyNode(name: string, kind: number): TreeNode {
  const nothing = { children: [], content: null, target: null, realFile: null };
  return { name, kind, uid: 0, gid: 0, size: 0, mode: 0, changedAt: 0, ...nothing };
}

function pick({ size, mode, uid, gid, changedAt }: NewFile) {
  return { size, mode, uid, gid, changedAt };
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

const Row = z.tuple([
  z.string(),
  z.number().int().min(0).max(6),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.union([z.array(z.unknown()), z.instanceof(Uint8Array), z.null()]),
  z.string().nullable(),
  z.string().nullable(),
]);

function nodeOf(value: unknown): TreeNode {
  const row = Row.safeParse(value);
  if (!row.success) throw new Error(`a node is not ten fields of Cowrie's form (${z.prettifyError(row.error)})`);
  const [name, kind, uid, gid, size, mode, changedAt, contents, target, realFile] = row.data;
  const content = contents instanceof Uint8Array ? contents : null;
  const children = Array.isArray(contents) ? contents.map(nodeOf) : [];
  return { name, kind, uid, gid, size, mode, changedAt, children, content, target, realFile };
}

function rowOf(node: TreeNode): PickleValue {
  const contents = node.content ?? node.children.map(rowOf);
  const { name, kind, uid, gid, size, mode, changedAt, target, realFile } = node;
  return [name, kind, uid, gid, size, mode, changedAt, contents, target, realFile];
}
