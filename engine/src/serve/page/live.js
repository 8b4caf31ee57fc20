// @ts-check
import { token } from './api.js';

/** @typedef {import('@cerberusmesh/contract/live').LiveFrame[number]} Message */

/** Close codes after which asking again with the same token is of no use. */
const refusals = [4401, 4403];
const waitMaxMs = 30_000;

/**
 * The live feed, which comes back by itself, later and later each time.
 * @param {{ onMessages: (messages: readonly Message[]) => void, onState: (state: 'open' | 'waiting' | 'refused') => void, onReturn: () => void }} handlers
 *   `onReturn`: connected again after a gap, so what was missed must be asked for.
 */
export function createLive({ onMessages, onState, onReturn }) {
  /** @type {WebSocket | undefined} */
  let socket;
  /** @type {number | undefined} */
  let timer;
  let attempts = 0;
  let wasOpen = false;
  /** @type {readonly string[]} */
  let severities = [];
  return { start, stop, filter };

  function start() {
    const secret = token.read();
    if (secret === null) return;
    const address = new URL('/ws', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    // The token goes as a subprotocol: a browser can set no header here, and an address ends up in logs.
    const opened = new WebSocket(address, ['cerberus.v1', secret]);
    socket = opened;
    opened.addEventListener('message', ({ data }) => onMessages(JSON.parse(data)));
    opened.addEventListener('open', () => {
      attempts = 0;
      onState('open');
      if (severities.length > 0) filter(severities);
      if (wasOpen) onReturn();
      wasOpen = true;
    });
    opened.addEventListener('close', ({ code }) => {
      if (opened !== socket) return;
      if (refusals.includes(code)) return onState('refused');
      onState('waiting');
      timer = setTimeout(start, Math.min(waitMaxMs, 500 * 2 ** attempts++) * (0.5 + Math.random() / 2));
    });
  }

  function stop() {
    clearTimeout(timer);
    const closing = socket;
    socket = undefined;
    wasOpen = false;
    closing?.close();
  }

  /** @param {readonly string[]} wanted An empty list means all. */
  function filter(wanted) {
    severities = wanted;
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'filter', severity: wanted }));
  }
}
