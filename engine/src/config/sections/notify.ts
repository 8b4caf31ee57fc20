import { z } from 'zod';
import { settingNotes } from '../setting-notes.ts';
import * as value from '../values.ts';

export const notify = z.strictObject({
  webhookUrl: value.httpUrl.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_WEBHOOK_URL',
    help: 'Notices are posted here as JSON, signed with CERBERUS_WEBHOOK_SECRET, without which nothing is posted.',
    example: 'https://hooks.example.org/cerberus',
  }),
  webhookSecret: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_WEBHOOK_SECRET',
    help: 'Signs what is posted to the webhook.',
    example: 'a long random text',
    treat: 'secret',
  }),
  slackUrl: value.secretHttpUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_SLACK_URL',
    help: "Slack's incoming webhook, whose address is its secret.",
    example: 'https://hooks.slack.example/services/T000/B000/XXXX',
    treat: 'secret',
  }),
  smtpUrl: value.smtpUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_SMTP_URL',
    help: 'The mail server that takes notices.',
    example: 'smtps://user:password@mail.example.org:465',
    treat: 'secret',
  }),
  mailFrom: value.text.clone().default('CerberusMesh <cerberusmesh@localhost>').register(settingNotes, {
    env: 'CERBERUS_MAIL_FROM',
    help: 'Sender of the mails.',
    example: 'CerberusMesh <honeynet@example.org>',
  }),
  mailTo: value.mailAddresses.default([]).register(settingNotes, {
    env: 'CERBERUS_MAIL_TO',
    help: 'Who gets the mails, by commas; without it none are sent.',
    example: 'soc@example.org, oncall@example.org',
  }),
  pagerdutyKey: value.secret.clone().nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_PAGERDUTY_KEY',
    help: "Routing key of PagerDuty's Events API v2.",
    example: 'the 32 characters of the integration',
    treat: 'secret',
  }),
  pagerdutyUrl: value.httpUrl.clone().default('https://events.pagerduty.com/v2/enqueue').register(settingNotes, {
    env: 'CERBERUS_PAGERDUTY_URL',
    help: "Address of PagerDuty's Events API v2, or of what speaks it.",
    example: 'https://events.eu.pagerduty.com/v2/enqueue',
  }),
  syslogUrl: value.syslogUrl.nullable().default(null).register(settingNotes, {
    env: 'CERBERUS_SYSLOG_URL',
    help: 'Notices go here as CEF over syslog: udp, tcp or tls.',
    example: 'tls://siem.example.org:6514',
  }),
  threatScoreMin: value.share.clone().default(0).register(settingNotes, {
    env: 'CERBERUS_NOTIFY_THREAT_SCORE',
    help: 'Threat score from 0 to 1 below which nobody is told, whatever the policy escalates.',
    example: '0.9',
  }),
  ignore: value.networks.clone().default([]).register(settingNotes, {
    env: 'CERBERUS_NOTIFY_IGNORE',
    help: 'Networks of attackers that nobody is told about, by commas.',
    example: 'scanner=198.51.100.0/24',
  }),
  dedupSeconds: value.wholeNumber(0, 604_800).default(3600).register(settingNotes, {
    env: 'CERBERUS_NOTIFY_DEDUP_SECONDS',
    help: 'Seconds in which a campaign, or an attacker without one, is told about once.',
    example: '3600',
  }),
  perHourMax: value.wholeNumber(1, 10_000).default(20).register(settingNotes, {
    env: 'CERBERUS_NOTIFY_PER_HOUR',
    help: 'Single notices of a channel in an hour; what is beyond is told in digests.',
    example: '20',
  }),
  digestMinutes: value.wholeNumber(1, 1440).default(15).register(settingNotes, {
    env: 'CERBERUS_NOTIFY_DIGEST_MINUTES',
    help: 'Minutes between two digests in a flood.',
    example: '15',
  }),
});
