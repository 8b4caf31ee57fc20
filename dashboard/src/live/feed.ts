import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { entrance } from '../api/entrance.ts';
import { type LiveFrame, liveProtocol } from './protocol.ts';

export type FeedState = 'connecting' | 'open' | 'waiting' | 'refused';

/** What the page shows of the live feed: replaced whole, a few times a second at most. */
export interface FeedSnapshot {
  readonly state: FeedState;
  /** Newest first, at most `eventsKept`. */
  readonly events: readonly EventSummary[];
  /** Events of the last full second. */
  readonly eventsPerSecond: number;
  /** More come at a time than a list can draw or a person read; so for a moment after the last of them. */
  readonly isFlood: boolean;
  /** So many messages were left out because this page was too slow. */
  readonly dropped: number;
  /** Counts up with each decision, adaptation or action, so that lists know to ask again. */
  readonly changes: number;
}

const eventsKept = 500;
/** After these close codes the same token is of no use. */
const refusals: readonly number[] = [4401, 4403];
const waitFirstMs = 500;
const waitMaxMs = 30_000;

/** Nobody reads sixty lists a second. The first event after a rest is shown at once. */
const showEachMs = 150;
/** Two hundred a second. */
const floodEvents = 30;
const floodRestMs = 1500;

/** The live feed as one store. Messages are gathered: a thousand events a second are seven updates, not a thousand. */
export function createFeed() {
  const listeners = new Set<() => void>();
  let snapshot: FeedSnapshot = {
    state: 'connecting',
    events: [],
    eventsPerSecond: 0,
    isFlood: false,
    dropped: 0,
    changes: 0,
  };
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let arrived: EventSummary[] = [];
  let arrivedChanges = 0;
  let arrivedDropped = 0;
  let isShowAsked = false;
  let shownMs = Number.NEGATIVE_INFINITY;
  let floodEndMs = Number.NEGATIVE_INFINITY;
  let restTimer: ReturnType<typeof setTimeout> | undefined;
  let second = { startMs: 0, events: 0 };

  return { start, stop, subscribe, read: () => snapshot };

  function start(): void {
    if (socket) return;
    const secret = entrance.token();
    const address = new URL('/ws', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    // A token goes as a subprotocol: a browser can set no header here, and an address ends up in logs. A cookie goes by itself.
    const opened = new WebSocket(address, secret === null ? [liveProtocol] : [liveProtocol, secret]);
    socket = opened;
    opened.addEventListener('open', () => {
      attempts = 0;
      // What was missed meanwhile must be asked for.
      change({ state: 'open', changes: snapshot.changes + 1 });
    });
    opened.addEventListener('message', ({ data }) => take(String(data)));
    opened.addEventListener('close', ({ code }) => {
      if (opened !== socket) return;
      socket = undefined;
      const isRefused = refusals.includes(code);
      change({ state: isRefused ? 'refused' : 'waiting' });
      if (!isRefused) timer = setTimeout(start, waitMs());
    });
  }

  function stop(): void {
    clearTimeout(timer);
    clearTimeout(restTimer);
    const closing = socket;
    socket = undefined;
    closing?.close();
    change({ state: 'connecting', events: [] });
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  function take(text: string): void {
    // `as`: the server makes its frames from the contract.
    for (const message of JSON.parse(text) as LiveFrame) {
      if (message.type === 'event') arrived.push(message.event);
      else if (message.type === 'lag') arrivedDropped += message.dropped;
      else if (message.type === 'decision' || message.type === 'adaptation' || message.type === 'action')
        arrivedChanges++;
    }
    // A tab in the background is woken seldom; what it will never show need not be kept.
    if (arrived.length > eventsKept * 2) {
      second.events += arrived.length - eventsKept;
      arrived = arrived.slice(-eventsKept);
    }
    if (isShowAsked) return;
    isShowAsked = true;
    // A task of its own, and not within the frame: React's work, style, layout and paint in one were a long task.
    setTimeout(show, Math.max(0, shownMs + showEachMs - performance.now()));
  }

  function show(): void {
    const nowMs = performance.now();
    isShowAsked = false;
    shownMs = nowMs;
    if (arrived.length > floodEvents) floodEndMs = nowMs + floodRestMs;
    second.events += arrived.length;
    let { eventsPerSecond } = snapshot;
    if (nowMs - second.startMs >= 1000) {
      eventsPerSecond = Math.round((second.events * 1000) / Math.max(1000, nowMs - second.startMs));
      second = { startMs: nowMs, events: 0 };
    }
    change({
      events: arrived.length === 0 ? snapshot.events : [...arrived.reverse(), ...snapshot.events].slice(0, eventsKept),
      eventsPerSecond,
      isFlood: nowMs < floodEndMs,
      dropped: snapshot.dropped + arrivedDropped,
      changes: snapshot.changes + arrivedChanges,
    });
    arrived = [];
    arrivedChanges = 0;
    arrivedDropped = 0;
    // Where nothing more comes, the rate of the last second must not stay on the page.
    clearTimeout(restTimer);
    if (eventsPerSecond > 0 || second.events > 0 || snapshot.isFlood) restTimer = setTimeout(show, floodRestMs);
  }

  function change(part: Partial<FeedSnapshot>): void {
    snapshot = { ...snapshot, ...part };
    for (const listener of listeners) listener();
  }

  function waitMs(): number {
    return Math.min(waitMaxMs, waitFirstMs * 2 ** attempts++) * (0.5 + Math.random() / 2);
  }
}
