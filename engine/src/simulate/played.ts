/** Where a visit goes. */
export interface Door {
  readonly address: string;
  readonly port: number;
  /** The address to come from, where this machine has several. */
  readonly from?: string;
}

/** What a connection to it is told of that. */
export function originOf({ from }: Pick<Door, 'from'>): { localAddress?: string } {
  return from === undefined ? {} : { localAddress: from };
}

/** A connection of ours, by which its session is found again. */
export interface Caller extends Pick<Door, 'from'> {
  /** The session's `src_port`. Two of our addresses may have the same one. */
  readonly localPort: number;
}

/** What a played visit came to. */
export interface Played extends Caller {
  readonly loggedIn: boolean;
  readonly commands: number;
}

/** What all visits share, so that a run ends. */
export interface Limits {
  readonly signal: AbortSignal;
  /** Commands of all visits together that may still be sent. */
  commandsLeft: number;
}

/** A honeypot that does not come back with a prompt has got something that waits for input; nothing more is typed there. */
const answerMsMax = 10_000;

/** Types the commands until they are at their end, the limit is, or an answer does not come. @returns how many were sent. */
export async function typeAll(
  commands: readonly string[],
  type: (line: string) => Promise<string>,
  limits: Limits,
): Promise<number> {
  let sent = 0;
  for (const line of commands) {
    if (limits.commandsLeft <= 0 || limits.signal.aborted) break;
    limits.commandsLeft--;
    sent++;
    const answer = await answerWithin(type(line)).catch(() => undefined);
    if (answer === undefined) break;
  }
  return sent;
}

/** What was shown. Rejects where the prompt does not come back within 10 seconds. */
export async function answerWithin<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no prompt within ${answerMsMax / 1000} s`)), answerMsMax);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
