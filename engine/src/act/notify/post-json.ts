import { createBoundedFetch } from '../../kit/bounded-fetch.ts';

const answerBytesMax = 64 * 1024;
const fetchBounded = createBoundedFetch(answerBytesMax);

/** Posts to a configured address. Throws where it is not taken; the address may hold a secret and is never in the reason. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const told = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, signal };
  const response = await fetchBounded(url, told).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
    throw new Error(`no answer from ${new URL(url).host}${cause.includes(url) || cause === '' ? '' : ` (${cause})`}`);
  });
  const said = (await response.text().catch(() => '')).slice(0, 200);
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}: ${said}`);
}
