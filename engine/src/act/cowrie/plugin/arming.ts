import type { Lure } from '@cerberusmesh/contract/adaptation';
import type { Planted } from '@cerberusmesh/contract/cowrie-plugin';
import type { LureBook } from '@cerberusmesh/contract/lure';
import type { Clock } from '../../../kit/clock.ts';
import { backoffMs } from '../../../kit/retry.ts';
import { type Kit, makeKit } from '../lures/kit.ts';
import type { Surroundings } from '../lures/secret-kinds.ts';
import { connectPlugin, type PluginConnection } from './connection.ts';

/** What arming needs of the store. */
export interface KitStore {
  /** Before the kit is handed over: no secret may be seen that nobody knows. */
  addKit(kitId: string, sensor: string, lures: readonly (Lure & { readonly trap: string })[]): Promise<void>;
}

/** What limits lures that the plugin plants by itself. That an attacker is given one kit and no second is its cooldown. */
export interface LiveGuards {
  /** Attackers in an hour; undefined: as many as come. */
  readonly budgetPerHour: number | undefined;
  /** Networks of our own people. */
  readonly never: readonly string[];
}

export interface ArmingOptions {
  readonly socketPath: string;
  readonly book: LureBook;
  readonly store: KitStore;
  /** Of the Cowrie there; undefined while it is not prepared. */
  readonly surroundings: () => Promise<Surroundings | undefined>;
  /** Whether visitors may be given anything now. */
  readonly isEnabled: () => boolean;
  /** The policy's, as they are now. */
  readonly guards: () => LiveGuards;
  /** To how many attackers a kit was given since. */
  readonly countGiven: (since: Date) => Promise<number>;
  /** The share of attackers who get nothing, and the key of the hash that tells them. */
  readonly spared: { readonly share: number; readonly key: string } | null;
  /** A visitor asked and found. Rejects where it cannot be stored; it is told again then. `kit`: what was in it, where known. */
  readonly planted: (report: Planted, sensor: string, kit: Kit | undefined) => Promise<void>;
  readonly clock: Clock;
  readonly log: {
    info(fields: object, sentence: string): unknown;
    warn(fields: object, sentence: string): unknown;
  };
}

/** A kit that lies ready is 15 KB in Cowrie; this many attackers may ask in the same second. */
const kitsReady = 32;
/** Kits that were given away are remembered for their report. */
const kitsRemembered = 2_000;
const lookEachMs = 1_000;
const hourMs = 3_600_000;
/** As time goes on, the budget of the hour grows again. */
const restockEachLooks = 15;
const backoff = { firstMs: 500, maxMs: 15_000 };

/**
 * Keeps our plugin armed while it may be: connects, hands over kits, stores what visitors find, and takes everything back
 * by closing the line. A Cowrie without the plugin is asked again now and then, and nothing else happens.
 */
export function createArming(options: ArmingOptions) {
  const { socketPath, book, store, isEnabled, clock, log } = options;
  const kits = new Map<string, Kit>();
  let connection: PluginConnection | undefined;
  let wasThere = false;

  return {
    /** Undefined while our plugin is not there. */
    connection: () => connection,
    /** Resolves after `signal` aborts, with everything disarmed. */
    async run(signal: AbortSignal): Promise<void> {
      for (let attempt = 1; !signal.aborted; attempt++) {
        const lasted = isEnabled() ? await hold(signal).catch(explain) : false;
        if (lasted) attempt = 0;
        await clock.sleep(isEnabled() ? backoffMs(attempt + 1, backoff) : lookEachMs, signal);
      }
    },
  };

  /** Gives true after the plugin was armed and then went, or must not be armed any more. */
  async function hold(signal: AbortSignal): Promise<boolean> {
    const surroundings = await options.surroundings();
    if (!surroundings) return false;
    const gone = new AbortController();
    const line = await connectPlugin({ socketPath, onPlanted: (report) => void onPlanted(report) });
    void line.ended.then(() => gone.abort());
    try {
      const traps = book.lures.map(({ name, looksFor }) => ({ name, words: [...looksFor] }));
      const guards = options.guards();
      await line.ask({ op: 'arm', traps, spared: options.spared, never: [...guards.never] });
      let kitsLeft = await stock(line, surroundings, 0);
      connection = line;
      wasThere = true;
      log.info({ sensor: line.hello.sensor, kits: kitsLeft }, 'Lures lie ready in Cowrie.');
      for (let look = 1; !signal.aborted && !gone.signal.aborted && isEnabled() && isStill(guards); look++) {
        if (look % restockEachLooks === 0) kitsLeft = await stock(line, surroundings, kitsLeft);
        await clock.sleep(lookEachMs, AbortSignal.any([signal, gone.signal]));
      }
      return true;
    } finally {
      connection = undefined;
      line.close();
    }

    async function onPlanted(report: Planted): Promise<void> {
      try {
        await options.planted(report, line.hello.sensor, kits.get(report.kit));
        line.acknowledge(report);
        if (surroundings && report.kitsLeft < kitsReady / 2) await stock(line, surroundings, report.kitsLeft);
      } catch (error) {
        log.warn(
          { err: error, session: report.session },
          'What a visitor found could not be stored; it is told again.',
        );
        line.close();
      }
    }
  }

  /** Never more than the budget of the hour still allows: what lies ready may be given away at any moment. */
  async function stock(line: PluginConnection, surroundings: Surroundings, there: number): Promise<number> {
    const { budgetPerHour = Number.POSITIVE_INFINITY } = options.guards();
    const given = await options.countGiven(new Date(clock.now().getTime() - hourMs));
    const wanted = Math.min(kitsReady, budgetPerHour - given);
    let ready = there;
    while (ready < wanted) {
      const kit = makeKit(book, surroundings, clock.now());
      await store.addKit(kit.id, line.hello.sensor, kit.lures);
      const { kitsLeft = 0 } = await line.ask({ op: 'stock', kit: kit.id, files: [...kit.files] });
      remember(kit);
      // Also where one was given away meanwhile: the next look stocks that up.
      ready = Math.max(ready + 1, kitsLeft);
    }
    return ready;
  }

  /** A changed policy holds from the next second: what lies ready is taken back and laid out anew. */
  function isStill(guards: LiveGuards): boolean {
    return JSON.stringify(options.guards()) === JSON.stringify(guards);
  }

  function remember(kit: Kit): void {
    kits.set(kit.id, kit);
    for (const id of kits.keys()) {
      if (kits.size <= kitsRemembered) break;
      kits.delete(id);
    }
  }

  function explain(error: unknown): false {
    // Most Cowries have no plugin, so only the loss of one is worth a word.
    if (wasThere) log.warn({ err: error }, 'Our plugin in Cowrie does not answer; lures go by files until it does.');
    wasThere = false;
    return false;
  }
}
