import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { page, paging } from './api.ts';

export const ChannelName = z.enum(['webhook', 'slack', 'email', 'pagerduty', 'syslog']);
export type ChannelName = z.infer<typeof ChannelName>;

/**
 * What a person is told: what, where, why, on what evidence, and where to look. All texts are plain: what an attacker
 * wrote is shown without control characters, markup or links. Each channel escapes in its own way on top of that.
 */
export const Notice = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  /** What it is about: `campaign:<id>`, `attacker:<address>`, `session:<id>` or `decision:<id>`; one notice for each in a while. */
  group: z.string().max(300),
  severity: z.string(),
  subject: z.string().max(300),
  why: z.string().max(1000),
  where: z.object({ sensor: z.string().nullable(), session: z.string().nullable(), address: z.string().nullable() }),
  evidence: z.array(z.object({ event_id: z.string(), at: z.string(), text: z.string().max(300) })).max(10),
  /** One click each. */
  links: z.array(z.object({ name: z.string(), url: z.string() })).max(10),
  /** Of a question: worth nothing after that. It is told before all others, alone and never in a digest. */
  expires_at: z.iso.datetime().optional(),
});
export type Notice = Readonly<z.infer<typeof Notice>>;

export const NoticeStatus = z.enum(['waiting', 'sent', 'digested', 'failed']);

export const NoticeRecord = z.object({
  id: z.string(),
  channel: z.string(),
  status: NoticeStatus,
  group: z.string(),
  severity: z.string(),
  subject: z.string(),
  /** Further ones about the same that were not sent, because this one was. */
  repeats: z.number(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  created_at: z.string(),
  sent_at: z.string().nullable(),
});
export type NoticeRecord = Readonly<z.infer<typeof NoticeRecord>>;

export const NoticeQuery = z.strictObject({ status: NoticeStatus.optional(), ...paging });
export type NoticeQuery = Readonly<z.infer<typeof NoticeQuery>>;
export const NoticePage = page(NoticeRecord);

export const ChannelRecord = z.object({
  name: ChannelName,
  /** Host and port, never a secret. */
  target: z.string(),
  waiting: z.number(),
  sent: z.number(),
  failed: z.number(),
  last_sent_at: z.string().nullable(),
  last_error: z.string().nullable(),
});
export type ChannelRecord = Readonly<z.infer<typeof ChannelRecord>>;
export const ChannelList = z.object({ data: z.array(ChannelRecord), next_cursor: z.null() });
export const ChannelTestResult = z.object({ delivered: z.boolean(), error: z.string().nullable() });
export type ChannelTestResult = Readonly<z.infer<typeof ChannelTestResult>>;

export const EscalateParameters = z.strictObject({});

export const escalateDeclaration = {
  kind: 'escalate',
  does: 'Tells people on every configured channel what was seen, where, why, on what evidence and where to look.',
  needs: [
    'at least one channel: CERBERUS_WEBHOOK_URL, CERBERUS_SLACK_URL, CERBERUS_SMTP_URL, CERBERUS_PAGERDUTY_KEY or CERBERUS_SYSLOG_URL',
  ],
  parameters: EscalateParameters,
  example: {},
  undo: 'What was told cannot be taken back.',
  reversible: false,
  deadlineSeconds: 20,
  budgetPerHour: 1000,
} satisfies ActionDeclaration;
