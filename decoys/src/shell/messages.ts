import type { Persona } from '@cerberusmesh/contract/persona';
import type { HostKeyFiles } from '../persona/build-image.ts';
import type { WorldChange } from '../world/node.ts';
import type { Echo, ShellEvent, Visitor } from './program.ts';
import type { HistoryKept } from './shell-history.ts';
import type { EnteredShell } from './shell-kind.ts';
import type { ShellState } from './shell-memory.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly persona: Persona;
  readonly hostKeys: HostKeyFiles;
  readonly worldBytesMax: number;
}

/** To a worker. A world is known by its key; a shell and a job by numbers that are never used again. */
export type ToWorker =
  | { readonly kind: 'world'; readonly world: string; readonly changes: readonly WorldChange[] }
  | { readonly kind: 'patch'; readonly world: string; readonly changes: readonly WorldChange[] }
  | {
      readonly kind: 'run';
      readonly job: number;
      readonly shell: number;
      readonly world: string;
      readonly visitor: Visitor;
      /** Who else is at a terminal of this world. */
      readonly others: readonly Visitor[];
      readonly uid: number;
      readonly gid: number;
      readonly line: string;
      readonly state: ShellState;
      readonly stdin: Uint8Array;
      readonly history: readonly string[];
    }
  | { readonly kind: 'close'; readonly world: string }
  | { readonly kind: 'answer'; readonly ask: number; readonly text: string | null }
  | { readonly kind: 'fetched'; readonly fetch: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'stop'; readonly job: number }
  | { readonly kind: 'forget'; readonly shell: number };

/** From a worker, which sends them in lists. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'beat' }
  | { readonly kind: 'output'; readonly job: number; readonly bytes: Uint8Array; readonly isError: boolean }
  | { readonly kind: 'changes'; readonly world: string; readonly changes: readonly WorldChange[] }
  | { readonly kind: 'event'; readonly job: number; readonly event: ShellEvent }
  | {
      readonly kind: 'ask';
      readonly job: number;
      readonly ask: number;
      readonly prompt: string;
      readonly echo: Echo;
    }
  | { readonly kind: 'fetch'; readonly job: number; readonly fetch: number; readonly url: string }
  | { readonly kind: 'done'; readonly job: number; readonly end: JobEnd };

export interface JobEnd {
  readonly state: ShellState;
  readonly status: number;
  readonly isOver: boolean;
  /** The line would still be running on a real machine; its terminal is to wait. */
  readonly isStuck: boolean;
  /** A shell below this one was opened. */
  readonly entered?: EnteredShell;
  readonly uid: number;
  readonly gid: number;
  readonly history: readonly string[];
  readonly historyKept?: HistoryKept | undefined;
}
