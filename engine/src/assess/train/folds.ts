import { hashText } from '../known-shapes.ts';

/** The fold that a group belongs to: by its text, so that a group is never torn apart and nothing depends on order. */
export function foldOf(group: string, folds: number): number {
  return (Math.imul(hashText(group), 0x9e3779b1) >>> 8) % folds;
}
