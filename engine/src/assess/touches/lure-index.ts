import { hash } from 'node:crypto';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import {
  type KnownLure,
  quickHashOf,
  secretKeyOf,
  type TouchFinding,
  type TouchPlace,
} from '@cerberusmesh/contract/touch';
import { forEachWord } from './words.ts';

export interface LureIndex {
  add(lures: readonly KnownLure[]): void;
  /** Every planted secret that this event uses. Costs under 2 µs for what uses none, measured by `bench lure`. */
  find(event: SensorEvent): readonly TouchFinding[];
  /** Lures of this sensor, not read before, whose file the command names. */
  findReads(event: SensorEvent): readonly KnownLure[];
  /** That they were read is durable: they are told of no more. Before that, a batch that failed would have taken it along. */
  setRead(lures: readonly KnownLure[]): void;
  readonly size: number;
}

/** Of one command; the rest is not looked at. */
const charactersMax = 16_384;
/** Findings of one event: a visitor who lists all his loot at once has touched enough. */
const findingsMax = 16;

/**
 * All planted secrets in memory. Every word of what visitors say is looked up by a cheap hash first, and only what that
 * knows is hashed with sha-256: whoever makes words that collide costs us a microsecond each and nothing else.
 */
export function createLureIndex(): LureIndex {
  const byQuickHash = new Map<number, KnownLure[]>();
  const unread = new Map<string, KnownLure[]>();
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(lures) {
      for (const lure of lures) {
        const known = byQuickHash.get(lure.quickHash);
        if (known?.some(({ id }) => id === lure.id)) continue;
        if (known) known.push(lure);
        else byQuickHash.set(lure.quickHash, [lure]);
        size++;
        if (!lure.isRead) unread.set(unreadKey(lure), [...(unread.get(unreadKey(lure)) ?? []), lure]);
      }
    },
    find({ detail }) {
      if (size === 0) return nothing;
      switch (detail.kind) {
        case 'login':
          return [
            ...whole(detail.username, 'username'),
            ...whole(detail.password, 'password'),
            ...whole(detail.keyFingerprint, 'key'),
          ];
        case 'command':
          // `found` and `missing` are the honeypot's later word on what was typed already.
          return detail.phase === 'typed' ? words(detail.input, 'command') : nothing;
        case 'input':
          return words(detail.input, 'input');
        case 'tunnel':
          return [...whole(detail.host, 'tunnel'), ...words(detail.text ?? '', 'tunnel')];
        case 'api_call':
          return whole(detail.accessKeyId, 'key');
        default:
          return nothing;
      }
    },
    findReads({ detail, sensor }) {
      if (unread.size === 0 || detail.kind !== 'command' || detail.phase !== 'typed') return [];
      const found: KnownLure[] = [];
      for (const lures of unread.values()) {
        const [first] = lures;
        if (!first || first.sensor !== sensor || !namesFile(detail.input, first.path)) continue;
        found.push(...lures);
      }
      return found;
    },
    setRead(lures) {
      for (const lure of lures) unread.delete(unreadKey(lure));
    },
  };

  function whole(value: string | undefined, place: TouchPlace): readonly TouchFinding[] {
    if (value === undefined || value === '') return nothing;
    return confirm(byQuickHash.get(quickHashOf(value)), value, place);
  }

  function words(text: string, place: TouchPlace): readonly TouchFinding[] {
    let found: TouchFinding[] | undefined;
    forEachWord(text, charactersMax, (quickHash, start, end) => {
      const suspects = byQuickHash.get(quickHash);
      if (suspects === undefined || (found?.length ?? 0) >= findingsMax) return;
      found = [...(found ?? []), ...confirm(suspects, text.slice(start, end), place)];
    });
    return found ?? nothing;
  }
}

const nothing: readonly TouchFinding[] = [];

function confirm(
  suspects: readonly KnownLure[] | undefined,
  value: string,
  place: TouchPlace,
): readonly TouchFinding[] {
  if (suspects === undefined) return nothing;
  const secretHash = hash('sha256', secretKeyOf(value));
  const lure = suspects.findLast((suspect) => suspect.secretHash === secretHash);
  return lure ? [{ lure, place }] : nothing;
}

function unreadKey({ sensor, path }: KnownLure): string {
  return `${sensor}\0${path}`;
}

/** By its name and its folder, in whatever way; a file in root's home by its name. A later `cat` of the bare name is missed. */
function namesFile(text: string, path: string): boolean {
  const [name = '', folder = ''] = path.split('/').reverse();
  return text.includes(name) && (folder === 'root' || text.includes(folder));
}
