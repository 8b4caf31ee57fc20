// @ts-check
import { get, post } from './api.js';
import { element, find } from './dom.js';
import { createPanel } from './panel.js';
import { visible } from './visible-text.js';
import { moment, severityBadge, statusBadge } from './words.js';

/** @typedef {import('@cerberusmesh/contract/api-decisions').AdaptationRecord} AdaptationRecord */

const standing = ['applied', 'verified'];

/** What was changed in a honeypot's world, whether an attacker really sees it, and the way back. */
export function createAdaptationsPanel() {
  let mayUndo = false;
  const panel = createPanel({
    selector: '#adaptations',
    everySeconds: 30,
    load: () => get('/api/adaptations?limit=30'),
    isEmpty: (/** @type {{ data: AdaptationRecord[] }} */ { data }) => data.length === 0,
    emptyText: 'The honeypot is as it was: nothing has been changed for an attacker yet.',
    render: ({ data }) => element('ul', { class: 'rows' }, ...data.map(adaptationRow)),
  });
  return {
    ...panel,
    /** @param {string} role */
    setRole(role) {
      mayUndo = role !== 'viewer';
      void panel.refresh();
    },
  };

  /** @param {AdaptationRecord} adaptation */
  function adaptationRow(adaptation) {
    const undo = element('button', { type: 'button' }, 'Undo');
    undo.addEventListener('click', () => askUndo(adaptation, () => void panel.refresh()));
    return element(
      'li',
      {},
      element(
        'div',
        { class: 'top' },
        severityBadge(adaptation.severity),
        element('strong', {}, adaptation.action_type.replaceAll('_', ' ').toLowerCase()),
        statusBadge(adaptation.status),
        mayUndo && standing.includes(adaptation.status) && undo,
        element('span', { class: 'push' }, moment(adaptation.created_at)),
      ),
      element(
        'div',
        { class: 'what soft' },
        'for ',
        visible(adaptation.source_ip ?? 'everybody', 'mono'),
        ' on ',
        visible(adaptation.sensor),
        ': ',
        visible(adaptation.reason),
      ),
      verification(adaptation),
    );
  }
}

/** @param {AdaptationRecord} adaptation */
function verification({ verification: seen, error, verified_at }) {
  if (error !== null) return element('div', { class: 'problem what' }, visible(error));
  if (seen === null || seen === undefined) return null;
  return element(
    'details',
    {},
    element(
      'summary',
      { class: 'soft' },
      'What our probe saw as an attacker ',
      verified_at === null ? '' : moment(verified_at),
    ),
    element('div', { class: 'mono what' }, visible(JSON.stringify(seen, null, 1))),
  );
}

/** @param {AdaptationRecord} adaptation @param {() => void} onDone */
function askUndo(adaptation, onDone) {
  const dialog = find('#undo-dialog', HTMLDialogElement);
  const problem = find('#undo-problem', HTMLElement);
  const confirm = find('#undo-confirm', HTMLButtonElement);
  find('#undo-what', HTMLElement).replaceChildren(
    `${adaptation.action_type.replaceAll('_', ' ').toLowerCase()} on `,
    visible(adaptation.sensor),
    '. The honeypot gets back what it had, byte for byte.',
  );
  problem.hidden = true;
  confirm.disabled = false;
  confirm.onclick = async () => {
    confirm.disabled = true;
    const reason = find('#undo-reason', HTMLSelectElement).value;
    const answer = await post(`/api/adaptations/${adaptation.id}/rollback`, { reason });
    confirm.disabled = false;
    problem.hidden = answer.kind === 'ready';
    if (answer.kind === 'failed') problem.textContent = answer.message;
    else dialog.close();
    onDone();
  };
  dialog.showModal();
}
