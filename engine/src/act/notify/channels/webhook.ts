import { createHmac } from 'node:crypto';
import type { Secret } from '../../../kit/secret.ts';
import { type Channel, idOf, severityOf, subjectOf } from '../channel.ts';
import { postJson } from '../post-json.ts';

/**
 * JSON, signed over time and body: `X-Cerberus-Signature: sha256=<hex of HMAC(secret, timestamp + "." + body)>`. Who
 * receives it refuses old time stamps and keeps ids, so that a recorded call is worth nothing.
 */
export function createWebhook(options: {
  readonly url: string;
  readonly secret: Secret;
  readonly now: () => Date;
}): Channel {
  const { url, secret, now } = options;
  return {
    name: 'webhook',
    target: new URL(url).host,
    async send(message, signal) {
      const timestamp = String(Math.floor(now().getTime() / 1000));
      const about = { id: idOf(message), subject: subjectOf(message), severity: severityOf(message) };
      const body = JSON.stringify({ type: message.kind, ...about, ...message });
      const signature = createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`).digest('hex');
      const headers = {
        'x-cerberus-id': about.id,
        'x-cerberus-timestamp': timestamp,
        'x-cerberus-signature': `sha256=${signature}`,
      };
      await postJson(url, body, headers, signal);
    },
  };
}
