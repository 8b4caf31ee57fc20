import type { Finding } from '@cerberusmesh/contract/doctor';
import type { Config } from '../../config.ts';
import { fault, off, sound } from './finding.ts';
import { whyUnreachable } from './unreachable.ts';

const timeoutMs = 8_000;
const ownAddress = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com/v1' };

/** Asks the provider for its list of models, which costs nothing: a wrong key and an empty account show there too. */
export async function checkLanguageModel({ llm }: Config): Promise<readonly Finding[]> {
  const check = 'language model';
  const { provider, apiKey } = llm;
  if (provider !== 'openai-compatible' && apiKey === null) {
    return [off(check, 'None is configured (OPENAI_API_KEY); rules and models decide alone.')];
  }
  const base = llm.baseUrl ?? (provider === 'openai-compatible' ? null : ownAddress[provider]);
  if (base === null)
    return [
      fault(check, `${provider} has no address.`, 'Set CERBERUS_LLM_BASE_URL, such as http://127.0.0.1:11434/v1'),
    ];
  const answer = await fetch(`${base.replace(/\/+$/, '')}/models`, {
    headers: headersFor(provider, apiKey?.reveal()),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  }).catch((error: unknown) => ({ why: whyUnreachable(error) }));
  if ('why' in answer)
    return [
      fault(
        check,
        `${base} does not answer: ${answer.why}.`,
        'Put CERBERUS_LLM_BASE_URL right, or let this machine out to it.',
      ),
    ];
  await answer.body?.cancel();
  return [judge(check, answer.status, base)];
}

function judge(check: string, status: number, base: string): Finding {
  if (status === 401 || status === 403)
    return fault(check, `${base} refuses the key (${status}).`, 'Put OPENAI_API_KEY right.');
  if (status === 429 || status === 402)
    return fault(
      check,
      `${base} says that the account is used up (${status}).`,
      "Look at the provider's quota and billing.",
    );
  if (status >= 500)
    return fault(
      check,
      `${base} answered ${status}.`,
      'Wait for the provider; sessions are kept for it for six hours.',
    );
  return sound(check, `${base} answers and takes the key.`);
}

function headersFor(provider: string, key: string | undefined): Record<string, string> {
  if (key === undefined) return {};
  if (provider === 'anthropic') return { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
  return { authorization: `Bearer ${key}` };
}
