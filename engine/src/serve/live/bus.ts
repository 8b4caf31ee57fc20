import type { LiveMessage } from '@cerberusmesh/contract/live';

/** Where what happened is told, after it was committed, to whoever listens in this process. */
export interface LiveBus {
  /** Never throws and never waits: no listener can slow the pipeline. */
  publish(message: LiveMessage): void;
  /** Answers how to stop listening. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
  /** False where building a message would be work for nobody. */
  hasListeners(): boolean;
}

/** `onFault` hears of a listener that threw; the others still get the message. */
export function createLiveBus(onFault: (error: unknown) => void = () => undefined): LiveBus {
  const listeners = new Set<(message: LiveMessage) => void>();
  return {
    publish(message) {
      for (const listener of listeners) {
        try {
          listener(message);
        } catch (error) {
          onFault(error);
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hasListeners: () => listeners.size > 0,
  };
}
