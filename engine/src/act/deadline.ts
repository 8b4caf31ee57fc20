import type { Action } from './action.ts';

/** Until when an action may work on what it was called for. */
export function deadlineOf({ declaration }: Action, stop: AbortSignal): AbortSignal {
  return AbortSignal.any([stop, AbortSignal.timeout(declaration.deadlineSeconds * 1000)]);
}

/** An action that does not heed its signal is left behind at the deadline; it must not touch anything after that. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(new Error(signalSentence(signal)));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => undefined);
    aborted.promise.catch(() => undefined);
  }
}

function signalSentence({ reason }: AbortSignal): string {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
    ? 'It did not end before its deadline.'
    : 'The program was stopped.';
}
