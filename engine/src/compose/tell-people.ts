import { randomUUID } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { ChannelName, ChannelTestResult, Notice } from '@cerberusmesh/contract/notice';
import type { Action } from '../act/action.ts';
import type { Channel } from '../act/notify/channel.ts';
import { createEmail } from '../act/notify/channels/email.ts';
import { createPagerDuty } from '../act/notify/channels/pagerduty.ts';
import { createSlack } from '../act/notify/channels/slack.ts';
import { createSyslog } from '../act/notify/channels/syslog.ts';
import { createWebhook } from '../act/notify/channels/webhook.ts';
import { createDeliver } from '../act/notify/deliver.ts';
import { createEscalate } from '../act/notify/escalate.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Channels } from '../serve/routes/channels.ts';
import type { Database } from '../store/database.ts';
import { countChannelsOf, createOutbox, loadNoticeFacts, queueNotice, withChannel } from '../store/notices.ts';
import { version } from './project.ts';

export interface ToldPeople {
  readonly action: Action;
  readonly channels: Channels;
  /** On every channel, once for what it is about in a while; gives on how many it waits. */
  queue(notice: Notice): Promise<number>;
  /** Delivers what waits until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** How long after a notice was queued by another process it is looked for. */
const idleMs = 5_000;
const testDeadlineMs = 20_000;

/** The channels of the configuration, the `escalate` action, and what delivers. */
export function composeToldPeople(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): ToldPeople {
  const { config, database, clock, log } = parts;
  const { publicUrl } = config.http;
  const { dedupSeconds, perHourMax, digestMinutes, threatScoreMin, ignore } = config.notify;
  const channels = openChannels(config, () => clock.now());
  const isIgnored = createIgnoreList(ignore);
  const deliver = createDeliver({ outbox: createOutbox(database), now: () => clock.now(), perHourMax, digestMinutes });
  let alarm = new AbortController();

  return {
    action: createEscalate({
      loadFacts: (cause) => loadNoticeFacts(database.pool, cause),
      silence({ sourceIp }) {
        if (channels.length === 0) return 'No channel is configured, so there is nobody to tell.';
        return isIgnored(sourceIp) ? `${sourceIp} is on the list of those that nobody is told about.` : undefined;
      },
      objection({ threatScore }) {
        if (threatScore !== null && threatScore < threatScoreMin) {
          return `The threat score ${threatScore.toFixed(2)} is below ${threatScoreMin} (CERBERUS_NOTIFY_THREAT_SCORE).`;
        }
        return undefined;
      },
      queue,
      countQueued: (id) => countChannelsOf(database.pool, id),
      publicUrl: publicUrl?.replace(/\/+$/, '') ?? null,
      now: () => clock.now(),
    }),
    queue,
    channels: { channels: channels.map(({ name, target }) => ({ name, target })), test },
    run: async (signal) => void (await Promise.all(channels.map((channel) => keepDelivering(channel, signal)))),
  };

  async function queue(notice: Notice): Promise<number> {
    const names = channels.map(({ name }) => name);
    const queued = await queueNotice(database, notice, names, dedupSeconds);
    alarm.abort();
    return queued;
  }

  async function keepDelivering(channel: Channel, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await withChannel(database, channel.name, () => deliver(channel, signal)).catch(
        (error: unknown) => {
          log.warn({ err: error, channel: channel.name }, 'Notices could not be delivered; tried again soon.');
          return null;
        },
      );
      // A notice that was just queued does not end the wait of a channel whose other side is away.
      if (typeof waitMs === 'number') await clock.sleep(waitMs, signal);
      else await clock.sleep(idleMs, AbortSignal.any([signal, alarm.signal]));
      if (alarm.signal.aborted) alarm = new AbortController();
    }
  }

  async function test(name: ChannelName): Promise<ChannelTestResult | undefined> {
    const channel = channels.find((candidate) => candidate.name === name);
    if (!channel) return undefined;
    try {
      const notice = testNotice(clock.now(), publicUrl);
      await channel.send({ kind: 'notice', notice }, AbortSignal.timeout(testDeadlineMs));
      return { delivered: true, error: null };
    } catch (error) {
      return { delivered: false, error: reasonOf(error) };
    }
  }
}

function testNotice(now: Date, publicUrl: string | null): Notice {
  const id = randomUUID();
  return {
    id,
    at: now.toISOString(),
    group: `test:${id}`,
    severity: 'LOW',
    subject: 'This is a test of CerberusMesh',
    why: 'Somebody pressed the test button. Nothing happened.',
    where: { sensor: null, session: null, address: null },
    evidence: [],
    links: publicUrl === null ? [] : [{ name: 'Dashboard', url: publicUrl }],
  };
}

/** Whether anybody can be told at all. */
export function hasChannel(config: Config): boolean {
  return openChannels(config, () => new Date(0)).length > 0;
}

function openChannels(config: Config, now: () => Date): Channel[] {
  const { webhookUrl, webhookSecret, slackUrl, smtpUrl, mailFrom, mailTo } = config.notify;
  const { pagerdutyKey, pagerdutyUrl, syslogUrl } = config.notify;
  return [
    ...(webhookUrl === null || webhookSecret === null
      ? []
      : [createWebhook({ url: webhookUrl, secret: webhookSecret, now })]),
    ...(slackUrl === null ? [] : [createSlack({ url: slackUrl })]),
    ...(smtpUrl === null || mailTo.length === 0 ? [] : [createEmail({ url: smtpUrl, from: mailFrom, to: mailTo })]),
    ...(pagerdutyKey === null ? [] : [createPagerDuty({ url: pagerdutyUrl, key: pagerdutyKey })]),
    ...(syslogUrl === null ? [] : [createSyslog({ url: syslogUrl, version })]),
  ];
}

function createIgnoreList(networks: Config['notify']['ignore']): (address: string | null) => boolean {
  const list = new BlockList();
  for (const { cidr } of networks) {
    const [address = '', bits] = cidr.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) =>
    address !== null && isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
