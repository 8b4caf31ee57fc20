import { z } from 'zod';
import type { ActionCause, ActionDeclaration } from './action.ts';

/**
 * What a plugin is: one file in the folder that CERBERUS_PLUGINS_DIR names, which exports `plugin`, a SourcePlugin or an
 * ActionPlugin. It runs in a thread of its own, without our environment. docs/plugins.md explains it with two examples.
 */

/** Raised where a plugin of before would no longer work; one that says another number is not loaded. */
export const pluginApi = 1;

export const PluginManifest = z.strictObject({
  api: z.literal(pluginApi, `must be ${pluginApi}, the version of the interface that this CerberusMesh has`),
  kind: z.enum(['source', 'action']),
  /** Names its source and its ledger, or what an action asks for; unique in the folder. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be up to 40 small letters, digits and dashes'),
  version: z.string().min(1).max(40),
  does: z.string().regex(/^[A-Z].{0,200}\.$/, 'must be one sentence'),
});
export type PluginManifest = Readonly<z.infer<typeof PluginManifest>>;

/** Of the file beside the plugin's own that has its name and ends in `.json`; empty where there is none. */
export type PluginSettings = Readonly<Record<string, unknown>>;

/** Follows something that we do not know. */
export interface SourcePlugin {
  readonly manifest: PluginManifest & { readonly kind: 'source' };
  /** Until `signal` aborts. Where it throws, ends or hangs, it is started again, later each time, from its last position. */
  follow(tools: SourceTools): Promise<void>;
}

export interface SourceTools {
  readonly settings: PluginSettings;
  /** What was given with the last lines that are durable; undefined at the first start. */
  readonly position: unknown;
  readonly signal: AbortSignal;
  /**
   * Lines as `POST /ingest/events` takes them (GET /api/schemas/ingest-event.json), and where reading stands once they
   * are stored. Resolves when they are durable: give the next ones then. At most 1,000 lines and 4 MiB at once.
   */
  give(lines: readonly string[], position: unknown): Promise<void>;
}

export const givenLinesMax = 1_000;
export const givenCharactersMax = 4 * 1024 * 1024;

/** What an action is asked to do: the order of a person, or of a policy rule that says `"also": ["plugin"]`. */
export interface PluginOrder {
  /** The same when it is asked again after a kill: what was done already is to be found, not done twice. */
  readonly id: string;
  readonly cause: ActionCause;
  /** What the person who asked said under `with`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly settings: PluginSettings;
}

export type PluginResult = Readonly<Record<string, unknown>>;

/** Does something that we do not know. Who may ask, dry run, deadline, budget, record and undoing are the runner's. */
export interface ActionPlugin {
  readonly manifest: PluginManifest & { readonly kind: 'action' };
  /** A sentence where it cannot be done; touches nothing. */
  check?(order: PluginOrder): Promise<string | undefined>;
  /** Throws where it cannot be done; then it is undone. */
  run(order: PluginOrder): Promise<PluginResult>;
  /** Whether it stands, looked at from outside where possible. */
  verify(order: PluginOrder): Promise<{ readonly verified: boolean; readonly why: string }>;
  /** After any part of `run`, perhaps more than once. A sentence where it cannot be done now: it is asked again later. */
  undo(order: PluginOrder): Promise<string | undefined>;
}

/** What a thread is told. */
export type ToPlugin =
  | { readonly kind: 'follow'; readonly position: unknown }
  | { readonly kind: 'call'; readonly method: 'check' | 'run' | 'verify' | 'undo'; readonly order: unknown }
  | { readonly kind: 'stored' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'stop' };

/** What a thread says; checked, because what runs in it is not ours. */
export const FromPlugin = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded'), manifest: PluginManifest }),
  z.object({
    kind: z.literal('lines'),
    lines: z.array(z.string()).max(givenLinesMax),
    position: z.json().optional(),
  }),
  z.object({ kind: z.literal('answer'), value: z.unknown() }),
  z.object({ kind: z.literal('pong') }),
  z.object({ kind: z.literal('failed'), why: z.string().max(2_000) }),
]);
export type FromPlugin = z.infer<typeof FromPlugin>;

export const PluginParameters = z.strictObject({
  /** Without it, as a policy rule asks: every action that is loaded. */
  plugin: PluginManifest.shape.name.optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
export type PluginParameters = Readonly<z.output<typeof PluginParameters>>;

export const pluginDeclaration = {
  kind: 'plugin',
  does: 'Runs an action of your own, from a file of CERBERUS_PLUGINS_DIR, in a thread of its own.',
  needs: ['CERBERUS_PLUGINS_DIR'],
  parameters: PluginParameters,
  example: { plugin: 'note-to-file', with: { text: 'look at this' } },
  undo: "Calls the plugin's own undo.",
  reversible: true,
  deadlineSeconds: 60,
  budgetPerHour: 100,
} satisfies ActionDeclaration;
