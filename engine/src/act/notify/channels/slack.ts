import type { Secret } from '../../../kit/secret.ts';
import { type Channel, linesOf, linksOf, type Message, titleOf } from '../channel.ts';
import { postJson } from '../post-json.ts';

const textMax = 2900;
const headerMax = 150;

/** An incoming webhook of Slack. What an attacker wrote is `plain_text` only, which Slack does not read as markup. */
export function createSlack({ url }: { readonly url: Secret }): Channel {
  return {
    name: 'slack',
    target: new URL(url.reveal()).host,
    send: (message, signal) => postJson(url.reveal(), JSON.stringify(toSlack(message)), {}, signal),
  };
}

function toSlack(message: Message): object {
  const title = titleOf(message);
  return {
    // Shown in notifications, where there are no blocks; mentions and links begin with one of these three.
    text: title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [
      { type: 'header', text: plain(title, headerMax) },
      { type: 'section', text: plain(linesOf(message).join('\n'), textMax) },
      ...buttonsOf(message),
    ],
  };
}

function buttonsOf(message: Message): object[] {
  const links = linksOf(message).slice(0, 5);
  if (links.length === 0) return [];
  return [
    {
      type: 'actions',
      elements: links.map(({ name, url }) => ({ type: 'button', text: plain(name, 75), url })),
    },
  ];
}

function plain(text: string, charactersMax: number): object {
  return { type: 'plain_text', text: text.slice(0, charactersMax), emoji: false };
}
