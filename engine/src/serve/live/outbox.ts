/** The part of a WebSocket that an outbox needs. */
export interface FrameSink {
  /** Calls back when the frame has been handed to the network, with an error where it could not. */
  send(frame: string, done: (error?: Error) => void): void;
}

export interface OutboxBounds {
  readonly messagesMax: number;
  readonly charactersMax: number;
}

const defaultOutboxBounds: OutboxBounds = { messagesMax: 2000, charactersMax: 4 * 1024 * 1024 };

/** A frame is bounded too, so that a client that catches up does not get one of megabytes. */
const frameMessagesMax = 500;

export interface Outbox {
  /** Takes a message as JSON text; the same string may be given to many outboxes. */
  add(json: string): void;
  readonly waiting: number;
}

/**
 * What waits for one client. One frame is under way at a time. While it is, messages gather, and they go together in
 * the next one: an idle client gets a message at once, a busy one gets batches, and a slow one loses the oldest and is
 * told how many. Nothing here waits, so a slow client costs its own bound of memory and nobody's time.
 */
export function createOutbox(sink: FrameSink, bounds: OutboxBounds = defaultOutboxBounds): Outbox {
  let queue: string[] = [];
  let characters = 0;
  let dropped = 0;
  let isSending = false;
  let isScheduled = false;
  let isBroken = false;

  return {
    add(json) {
      queue.push(json);
      characters += json.length;
      while (queue.length > bounds.messagesMax || (characters > bounds.charactersMax && queue.length > 1)) dropOldest();
      schedule();
    },
    get waiting() {
      return queue.length;
    },
  };

  function dropOldest(): void {
    characters -= queue.shift()?.length ?? 0;
    dropped++;
  }

  /** At the end of this turn of the event loop, so that a batch that was stored together travels together. */
  function schedule(): void {
    if (isScheduled || isSending || isBroken) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      flush();
    });
  }

  function flush(): void {
    if (isSending || queue.length === 0) return;
    const messages = queue.slice(0, frameMessagesMax);
    queue = queue.slice(frameMessagesMax);
    for (const message of messages) characters -= message.length;
    if (dropped > 0) messages.unshift(JSON.stringify({ type: 'lag', dropped }));
    dropped = 0;
    isSending = true;
    sink.send(`[${messages.join(',')}]`, (error) => {
      isSending = false;
      // ws calls back with null or undefined where all is well.
      if (error === undefined || error === null) flush();
      else isBroken = true;
    });
  }
}
