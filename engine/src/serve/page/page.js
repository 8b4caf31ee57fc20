// @ts-check
import { createAdaptationsPanel } from './adaptations-panel.js';
import { get, token } from './api.js';
import { find } from './dom.js';
import { createEventsPanel } from './events-panel.js';
import { createHealthPill } from './health-pill.js';
import { createLive } from './live.js';
import { createDecisionsPanel, createSessionsPanel, createSourcesPanel } from './panels.js';
import { showSession } from './session-dialog.js';
import { createSeverityPanel } from './severity-panel.js';
import { startTheme } from './theme-switch.js';

const entrance = find('#entrance', HTMLElement);
const board = find('#board', HTMLElement);
const leave = find('#leave', HTMLButtonElement);
const connection = find('#connection', HTMLElement);
const problem = find('#token-problem', HTMLElement);

const onSession = (/** @type {string} */ sessionId, /** @type {string} */ sensor) =>
  void showSession(sessionId, sensor);
const events = createEventsPanel({ onSession, onFilter: (severities) => live.filter(severities) });
const sessions = createSessionsPanel(onSession);
const adaptations = createAdaptationsPanel();
const decisions = createDecisionsPanel();
const panels = [
  events,
  sessions,
  adaptations,
  decisions,
  createSourcesPanel(),
  createSeverityPanel(),
  createHealthPill(),
];
const live = createLive({ onMessages: receive, onState: showConnection, onReturn: () => void events.refresh() });

let isRefreshDue = false;

startTheme();
leave.addEventListener('click', () => askToken(''));
find('#token-form', HTMLFormElement).addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  const input = find('#token', HTMLInputElement);
  token.keep(input.value.trim());
  input.value = '';
  void open();
});
if (token.read() === null) askToken('');
else void open();

/** With a token that the engine takes the board opens; otherwise the entrance says why not. */
async function open() {
  const answer = await get('/status');
  if (answer.kind === 'failed' && answer.status !== 0 && answer.status < 500) return askToken(answer.message);
  entrance.hidden = true;
  board.hidden = false;
  leave.hidden = false;
  for (const panel of panels) void panel.start();
  live.start();
}

/** @param {string} message */
function askToken(message) {
  token.forget();
  live.stop();
  for (const panel of panels) panel.stop();
  board.hidden = true;
  leave.hidden = true;
  entrance.hidden = false;
  problem.hidden = message === '';
  problem.textContent = message;
  connection.dataset['state'] = 'waiting';
  connection.textContent = 'not connected';
  find('#token', HTMLInputElement).focus();
}

/** @param {readonly import('./live.js').Message[]} messages */
function receive(messages) {
  events.add(
    messages.flatMap((message) => (message.type === 'event' && !message.event.is_probe ? [message.event] : [])),
  );
  if (messages.some(changesSessions)) refreshSessionsSoon();
  if (messages.some((message) => message.type === 'adaptation')) void adaptations.refresh();
  if (messages.some((message) => message.type === 'decision')) void decisions.refresh();
  for (const message of messages) {
    if (message.type === 'hello') adaptations.setRole(message.role);
    if (message.type === 'lag')
      connection.title = `${message.dropped} messages were left out: this page was too slow for them.`;
  }
}

/** Sessions come, go and get in with these. @param {import('./live.js').Message} message */
function changesSessions(message) {
  if (message.type === 'session') return true;
  return (
    message.type === 'event' && /\.(session\.connect|session\.closed|login\.success)$/.test(message.event.event_type)
  );
}

/** Once in two seconds at most: a scan opens hundreds of sessions a second. */
function refreshSessionsSoon() {
  if (isRefreshDue) return;
  isRefreshDue = true;
  setTimeout(() => {
    isRefreshDue = false;
    if (!document.hidden) void sessions.refresh();
  }, 2000);
}

/** @param {'open' | 'waiting' | 'refused'} state */
function showConnection(state) {
  if (state === 'refused') return askToken('This token is not valid any more.');
  connection.dataset['state'] = state === 'open' ? 'good' : 'bad';
  connection.textContent = state === 'open' ? 'live' : 'connection lost, trying again';
}
