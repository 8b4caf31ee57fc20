import type { Secret } from '../../../kit/secret.ts';
import { type Channel, idOf, linesOf, linksOf, type Message, titleOf } from '../channel.ts';

const waitMs = 15_000;

/** Mail over SMTP. Nodemailer is loaded with the first mail; it folds headers and refuses line breaks in them. */
export function createEmail(options: {
  /** `smtps://user:password@host:465`; with `smtp:` it takes STARTTLS where the server offers it. */
  readonly url: Secret;
  readonly from: string;
  readonly to: readonly string[];
}): Channel {
  const { url, from, to } = options;
  return {
    name: 'email',
    target: new URL(url.reveal()).host,
    async send(message, signal) {
      const { createTransport } = await import('nodemailer');
      const timeouts = { connectionTimeout: waitMs, greetingTimeout: waitMs, socketTimeout: waitMs };
      const transport = createTransport({ url: url.reveal(), ...timeouts });
      const late = Promise.withResolvers<never>();
      const abort = () => late.reject(new Error('no answer in time'));
      signal.addEventListener('abort', abort, { once: true });
      try {
        // A server that says a little now and then runs into none of the transport's own limits.
        await Promise.race([transport.sendMail({ from, to: [...to], ...toMail(message) }), late.promise]);
      } finally {
        signal.removeEventListener('abort', abort);
        transport.close();
      }
    },
  };
}

function toMail(message: Message) {
  const subject = `[CerberusMesh] ${titleOf(message)}`.slice(0, 200);
  const lines = linesOf(message);
  const links = linksOf(message);
  return {
    subject,
    // The same message sent again after a lost answer has the same id, by which mail programs tell it is the same.
    messageId: `<${idOf(message)}@cerberusmesh.invalid>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text: [subject, '', ...lines, '', ...links.map(({ name, url }) => `${name}: ${url}`)].join('\n'),
    html: [
      `<h2>${escapeHtml(subject)}</h2>`,
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      ...links.map(({ name, url }) => `<p><a href="${escapeHtml(url)}">${escapeHtml(name)}</a></p>`),
    ].join('\n'),
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => entities[mark] ?? mark);
}
