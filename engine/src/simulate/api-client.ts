import { CerberusError } from '@cerberusmesh/contract/errors';
import { LiveFrame, type LiveMessage, liveProtocol } from '@cerberusmesh/contract/live';
import type { z } from 'zod';

export interface ApiClient {
  /** @throws where the API refuses, does not answer within 10 seconds, or answers in another form; in one sentence where nobody is there or the token is not taken. */
  ask<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>>;
  /** Listens to what the dashboard shows. Rejects where the feed cannot be had. */
  listen(onMessage: (message: LiveMessage) => void): Promise<{ close(): void }>;
}

/** The engine's API as a person's browser or script sees it. */
export function createApiClient({ url, token }: { readonly url: string; readonly token: string }): ApiClient {
  const base = url.replace(/\/+$/, '');
  return {
    async ask(path, schema) {
      const headers = { authorization: `Bearer ${token}` };
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(base + path, { headers, signal, redirect: 'error' }).catch((cause: unknown) => {
        const detail = `No engine answers at ${base}; start it, or name its address with --api.`;
        throw new CerberusError('SIMULATION_FAILED', detail, cause);
      });
      if (response.status === 401 || response.status === 403) {
        const detail = `The engine at ${base} refuses the token in CERBERUS_API_TOKEN (${response.status}); make one by \`cerberus token create NAME --role viewer\`.`;
        throw new CerberusError('SIMULATION_FAILED', detail);
      }
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return schema.parse(await response.json());
    },
    listen(onMessage) {
      const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ws`, [liveProtocol, token]);
      socket.addEventListener('message', ({ data }) => {
        for (const message of LiveFrame.safeParse(JSON.parse(String(data))).data ?? []) {
          if (isOfTheWorld(message)) onMessage(message);
        }
      });
      return new Promise((resolve, reject) => {
        socket.addEventListener('open', () => resolve({ close: () => socket.close() }), { once: true });
        socket.addEventListener('error', () => reject(new Error('the live feed at /ws refused us')), { once: true });
      });
    },
  };
}

function isOfTheWorld(message: LiveFrame[number]): message is LiveMessage {
  return !['hello', 'lag', 'filter', 'error'].includes(message.type);
}
