/** What a client reads at its own pace: a channel, a socket. */
export interface Outlet {
  /** Bytes that the client has not taken yet. */
  readonly writableLength: number;
  /** He is gone: what waits is never taken. */
  readonly destroyed: boolean;
}

/** Past so many bytes that the client has not taken, what it types waits too, as with any terminal. */
const unreadBytesMax = 256 * 1024;
/** Asked for again and again: a stream tells that it was read only where more waited than its own mark, 2 MB for ssh2's. */
const lookAgainMs = 20;

/**
 * Takes one step at a turn of the event loop while `step` says that there is more to do, and none while the client does not
 * read. Thirty thousand times Ctrl-L on a long line were a gigabyte of echo for who read none of it, and Tab held all others
 * for three seconds.
 * @returns to be called whenever there may be something to do.
 */
export function createTurns(outlet: Outlet, step: () => boolean): () => void {
  let isBusy = false;
  let isAskedAgain = false;
  return go;

  function go(): void {
    isAskedAgain = true;
    if (isBusy) return;
    isBusy = true;
    // Never at once: what a socket brings in one turn may be two megabytes, a packet each fifty bytes.
    setImmediate(takeTurn);
  }

  /** What a step itself asks for is done after it. */
  function takeTurn(): void {
    // Or each visitor who left without reading would be looked at for ever.
    if (outlet.destroyed) return;
    if (outlet.writableLength > unreadBytesMax) {
      setTimeout(takeTurn, lookAgainMs).unref();
      return;
    }
    isAskedAgain = false;
    const hasMore = step();
    if (hasMore || isAskedAgain) setImmediate(takeTurn);
    else isBusy = false;
  }
}
