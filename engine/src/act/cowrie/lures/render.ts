import type { Lure } from '@cerberusmesh/contract/adaptation';
import type { LureFile, LureTemplate } from '@cerberusmesh/contract/lure';
import { type MadeSecret, type SecretKind, type Surroundings, secretKinds } from './secret-kinds.ts';

export interface RenderedFile {
  readonly file: LureFile;
  readonly text: string;
}

const secretForm = /\{\{(\w+)(?::(\w+)(?::([^{}:]*))?)?\}\}/g;

/** The files of a lure with fresh secrets, and what is to be recognised. Throws where the template names an unknown kind. */
export function renderLure(
  template: LureTemplate,
  surroundings: Surroundings,
): { files: RenderedFile[]; lures: Lure[] } {
  const made = new Map<string, MadeSecret & { readonly path: string }>();
  const files = template.files.map((file) => ({
    file,
    text: fill(file.lines, (name, kind, argument) => {
      const known = made.get(name) ?? { ...kindOf(name, kind).make(argument, surroundings), path: file.path };
      made.set(name, known);
      return known.text;
    }),
  }));
  const lures = [...made.values()].flatMap(({ marks, path }) => marks.map((mark) => ({ ...mark, path })));
  return { files, lures };
}

/** What stands there before: of the same length, and worth nothing. */
export function renderBefore(template: LureTemplate, surroundings: Surroundings): RenderedFile[] {
  const masked = new Map<string, string>();
  return template.files.map((file) => ({
    file,
    text: fill(file.before ?? file.lines, (name, kind, argument) => {
      const text = masked.get(name) ?? kindOf(name, kind).mask(argument, surroundings);
      masked.set(name, text);
      return text;
    }),
  }));
}

function fill(lines: readonly string[], textOf: (name: string, kind: string, argument: string) => string): string {
  const text = lines
    .join('\n')
    .replace(secretForm, (_, name: string, kind = name, argument = '') => textOf(name, kind, argument));
  return `${text}\n`;
}

function kindOf(name: string, kind: string): SecretKind {
  const found = secretKinds.get(kind);
  if (!found) throw new Error(`a lure's text says {{${name}:${kind}}}, and there is no kind "${kind}"`);
  return found;
}
