import type { FileContent, FileSet, Lure } from '@cerberusmesh/contract/adaptation';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import type { z } from 'zod';
import { reasonOf } from '../../../kit/reason-of.ts';
import { sha256 } from '../hot-file.ts';
import type { Persona } from '../manifest.ts';
import type { PreparedCowrie } from '../prepared-cowrie.ts';
import type { Look } from '../probe.ts';

/** A change that was thought out and not made yet: written down first, so that a kill at any moment can be repaired. */
export interface Plan {
  readonly old: FileSet;
  readonly new: FileSet;
  readonly lures: readonly Lure[];
  /** For people: what was planted and where, without the secret itself. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** A file as it stands before any adaptation: dull, and of the size that it will have for ever. */
export interface Placeholder {
  readonly path: string;
  readonly mode: number;
  readonly ageDays: number;
  readonly content: string;
}

/** What an adaptation is to write: text of exactly the placeholder's size. */
export interface Draft {
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly lures: readonly Lure[];
  readonly details: Readonly<Record<string, string | number>>;
}

export interface Adaptation {
  readonly name: AdaptationType;
  /** One sentence for the dashboard, the policy checker and the help text. */
  readonly does: string;
  readonly needs: readonly string[];
  readonly parameters: z.ZodType;
  placeholders(persona: Persona): Promise<readonly Placeholder[]>;
  /** A sentence where this Cowrie cannot have this adaptation. */
  check(cowrie: PreparedCowrie): Promise<string | undefined>;
  plan(parameters: unknown, cowrie: PreparedCowrie): Promise<Plan>;
  /** Can be repeated: what already stands is left. A sentence, and nothing touched, where somebody changed a file since. */
  run(plan: Pick<Plan, 'old' | 'new'>, cowrie: PreparedCowrie, signal: AbortSignal): Promise<string | undefined>;
  undo(plan: Pick<Plan, 'old' | 'new'>, cowrie: PreparedCowrie, signal: AbortSignal): Promise<string | undefined>;
  /** What the probe should see, where that is more than the files. */
  looks?(wanted: FileSet): Promise<readonly Look[]>;
}

/** Makes an adaptation of its own part: which files stand there before, and what is written into them. */
export function defineAdaptation<P extends z.ZodType>(definition: {
  readonly name: AdaptationType;
  readonly does: string;
  readonly parameters: P;
  placeholders(persona: Persona): Promise<readonly Placeholder[]>;
  draft(parameters: z.output<P>, cowrie: PreparedCowrie): Promise<Draft>;
}): Adaptation {
  const { name } = definition;
  return {
    name,
    does: definition.does,
    needs: ['a Cowrie made ready by `cerberus prepare`', 'write access to its etc/cerberus/honeyfs'],
    parameters: definition.parameters,
    placeholders: definition.placeholders,
    check: (cowrie) => checkHotFiles(name, cowrie),
    async plan(parameters, cowrie) {
      const draft = await definition.draft(definition.parameters.parse(parameters), cowrie);
      return planOf(draft, cowrie);
    },
    run: ({ old, new: wanted }, cowrie, signal) => exchange(old, wanted, cowrie, signal),
    undo: ({ old, new: wanted }, cowrie, signal) => exchange(wanted, old, cowrie, signal),
  };
}

async function checkHotFiles(name: AdaptationType, cowrie: PreparedCowrie): Promise<string | undefined> {
  const files = cowrie.hotFiles(name);
  if (files.length === 0) return `${cowrie.dir} was prepared without the files of ${name}; prepare it again`;
  for (const { path, size } of files) {
    try {
      const content = await cowrie.read(path);
      if (content.length !== size) {
        return `${path} has ${content.length} bytes where ls shows ${size}; somebody changed it`;
      }
      await cowrie.checkWritable(path);
    } catch (error) {
      return `${path} of ${cowrie.dir} cannot be changed: ${reasonOf(error)}${hintFor(error)}.`;
    }
  }
  return undefined;
}

/** Whoever owns it cannot write on a disk that is mounted read-only either. */
function hintFor(error: unknown): string {
  const isForbidden = error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
  return isForbidden ? '; run this program as the user who owns it' : '';
}

async function planOf(draft: Draft, cowrie: PreparedCowrie): Promise<Plan> {
  const old = await Promise.all(draft.texts.map(async ({ path }) => contentOf(path, await cowrie.read(path))));
  const wanted = draft.texts.map(({ path, text }) => contentOf(path, sizedText(path, text, cowrie)));
  return { old: { files: old }, new: { files: wanted }, lures: draft.lures, details: draft.details };
}

/** A content of another size would be a tell (`ls` and `wc -c` disagree), so it is refused before anything is written. */
function sizedText(path: string, text: string, cowrie: PreparedCowrie): Buffer {
  const content = Buffer.from(text);
  const size = cowrie.manifest.hotFiles.find((file) => file.path === path)?.size;
  if (content.length !== size) throw new Error(`${path} would get ${content.length} bytes where ls shows ${size}`);
  return content;
}

/** A file's content as a plan keeps it. */
export function contentOf(path: string, content: Buffer): FileContent {
  return { path, sha256: sha256(content), content: content.toString('base64') };
}

/** Looks at every file first, so that a conflict in the second leaves the first untouched. */
export async function exchange(
  from: FileSet,
  to: FileSet,
  cowrie: PreparedCowrie,
  signal: AbortSignal,
): Promise<string | undefined> {
  const open: FileContent[] = [];
  for (const wanted of to.files) {
    const standing = sha256(await cowrie.read(wanted.path));
    if (standing === wanted.sha256) continue;
    if (standing !== from.files.find((file) => file.path === wanted.path)?.sha256) {
      return `${wanted.path} holds neither the content before nor the content after; somebody changed it, so nothing was touched`;
    }
    open.push(wanted);
  }
  for (const { path, content } of open) {
    signal.throwIfAborted();
    await cowrie.write(path, Buffer.from(content, 'base64'));
  }
  return undefined;
}
