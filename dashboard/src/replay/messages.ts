/** A recording as the player takes it. */
export interface Recording {
  readonly cols: number;
  readonly rows: number;
  readonly events: readonly CastEvent[];
}
export type CastEvent = readonly [seconds: number, code: 'o' | 'i' | 'm', text: string];

/** What the page says to the frame that plays. */
export type ToFrame =
  | { readonly kind: 'show'; readonly recording: Recording }
  | { readonly kind: 'seek'; readonly seconds: number };

/** What the frame says: that it can be shown something, and where it is. */
export type FromFrame = { readonly kind: 'ready' } | { readonly kind: 'at'; readonly seconds: number };

/** The frame plays what attackers typed: what it says is looked at before it is believed. */
export function readFromFrame(said: unknown): FromFrame | undefined {
  if (typeof said !== 'object' || said === null || !('kind' in said)) return undefined;
  if (said.kind === 'ready') return { kind: 'ready' };
  if (said.kind !== 'at' || !('seconds' in said)) return undefined;
  return typeof said.seconds === 'number' && Number.isFinite(said.seconds)
    ? { kind: 'at', seconds: said.seconds }
    : undefined;
}
