import type { z } from 'zod';

/** What somebody else knows of an address. */
export interface ReputationAnswer {
  /** 0 harmless … 1 known bad; null: nothing is known. */
  readonly score: number | null;
  /** A sentence for people; a stranger's words in it are cut. */
  readonly says: string;
}

/** One who can be asked. `ask` throws what `askJson` throws; nothing else of a provider is known to its caller. */
export interface ReputationProvider {
  readonly name: string;
  /** Questions a day that its free plan, or the user's, allows. */
  readonly dailyMax: number;
  /** How long an answer holds. */
  readonly keepHours: number;
  ask(address: string, signal: AbortSignal): Promise<ReputationAnswer>;
}

/** The provider would not answer now. `retryAfterSeconds` is its own word, where it gave one. */
export class ProviderRefused extends Error {
  override readonly name = 'ProviderRefused';
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, retryAfterSeconds: number | undefined) {
    super(`expected an answer, came status ${status}`);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const answerBytesMax = 256 * 1024;

/** Only this address is asked: no redirect is followed, and an answer over 256 KiB is refused. `known`: statuses that are answers. */
export async function askText(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  options: { readonly known?: readonly number[]; readonly bytesMax?: number } = {},
): Promise<string> {
  const response = await fetch(url, { headers, signal, redirect: 'error' });
  if (!response.ok && options.known?.includes(response.status) !== true) {
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    throw new ProviderRefused(response.status, Number.isFinite(seconds) ? seconds : undefined);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > (options.bytesMax ?? answerBytesMax))
      throw new Error(`expected at most ${options.bytesMax ?? answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A provider's answer in its shape. @throws what `askText` throws, and where the answer has another shape. */
export async function askJson<Shape extends z.ZodType>(
  shape: Shape,
  ...asked: Parameters<typeof askText>
): Promise<z.output<Shape>> {
  return shape.parse(JSON.parse(await askText(...asked)));
}

/** What a provider says is shown to people, and is not ours: 80 characters of it. */
export function cut(text: string): string {
  return text.slice(0, 80);
}
