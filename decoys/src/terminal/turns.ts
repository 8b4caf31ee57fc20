/** What a client reads at its own pace: a channel, a socket. */
export interface Outlet {
  readonly writableLength: number;
  once(event: 'drain', heard: () => void): unknown;
}

/** Past so many bytes that the client has not taken, what it types waits too, as with any terminal. */
const unreadBytesMax = 256 * 1024;

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
    if (outlet.writableLength > unreadBytesMax) outlet.once('drain', takeTurn);
    else takeTurn();
  }

  /** What a step itself asks for is done after it. */
  function takeTurn(): void {
    isAskedAgain = false;
    const hasMore = step();
    if (hasMore || isAskedAgain) setImmediate(goOn);
    else isBusy = false;
  }

  function goOn(): void {
    isBusy = false;
    go();
  }
}
