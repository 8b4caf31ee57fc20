import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { createLineInbox } from '../line-inbox.ts';
import { createLineSplitter } from '../line-splitter.ts';
import { cutLine } from '../raw-lines.ts';
import type { Source } from '../source.ts';
import { createAllowedSenders } from './allowed-senders.ts';
import { type Address, type Framing, listenTcp } from './listen-tcp.ts';

export interface ListenOptions {
  readonly sourceId: string;
  readonly address: Address;
  /** Networks that may send besides this machine. */
  readonly from: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told when it listens. */
  readonly onListening?: (port: number) => void;
}

/** A command of a megabyte is a line of twelve in Cowrie's JSON. */
const lineBytesMax = 16 * 1024 * 1024;
const againMs = 5_000;

/** Cowrie's `output_socketlog`: one JSON object a line over TCP. Cowrie keeps 10,000 events while nobody listens. */
export function createSocketLog(options: ListenOptions): Source {
  const { sourceId, address, clock, signal } = options;
  const inbox = createLineInbox();
  const mayConnect = createAllowedSenders(options.from);
  let problem: string | undefined = 'It does not listen yet.';

  return {
    state: () => ({
      active: problem === undefined,
      unreadBytes: inbox.unreadBytes,
      ...(problem === undefined ? {} : { problem }),
    }),
    async *batches() {
      const listening = listen();
      yield* inbox.batches(sourceId, signal);
      await listening;
    },
  };

  async function listen(): Promise<void> {
    while (!signal.aborted) {
      try {
        const { port, closed } = await listenTcp({ address, mayConnect, frame: frameByNewline, inbox, signal });
        problem = undefined;
        options.onListening?.(port);
        await closed;
      } catch (error) {
        problem = `${address.host}:${address.port} cannot be listened on (${reasonOf(error)}); free it, or set CERBERUS_SOCKETLOG_LISTEN to another one.`;
        await clock.sleep(againMs, signal);
      }
    }
  }
}

function frameByNewline(): Framing {
  const splitter = createLineSplitter({ lineBytesMax });
  return {
    push: (chunk) => splitter.push(chunk),
    end() {
      const half = splitter.end();
      return half === null ? [] : [half.unreadable ? half : cutLine(half)];
    },
  };
}
