// @ts-check
import { find } from './dom.js';

/** @typedef {import('@cerberusmesh/contract/api-approvals').ApprovalRecord} ApprovalRecord */

// Behind the #, so that it was in no log on its way here.
const token = location.hash.slice(1);

find('#approve', HTMLButtonElement).addEventListener('click', () => void ask('approved'));
find('#reject', HTMLButtonElement).addEventListener('click', () => void ask('rejected'));
void ask(undefined);

/** Shows what is asked; with an answer, gives it. @param {'approved' | 'rejected' | undefined} answer */
async function ask(answer) {
  const body = JSON.stringify(answer === undefined ? { token } : { token, answer });
  const headers = { 'content-type': 'application/json' };
  try {
    const reply = await fetch('/api/approvals/link', { method: 'POST', headers, body });
    const said = await reply.json();
    if (reply.ok) show(said);
    else fail(said?.error?.details?.[0]?.message ?? said?.error?.message ?? reply.statusText);
  } catch {
    fail('The engine does not answer.');
  }
}

/** @param {ApprovalRecord} approval */
function show(approval) {
  const { status, decision, adaptations, also, target, why, severity, expires_at } = approval;
  const doing = [decision, ...adaptations, ...also].join(', ').replaceAll('_', ' ').toLowerCase();
  find('#what', HTMLElement).textContent = `${doing} on ${target} (${severity})`;
  find('#why', HTMLElement).textContent = why;
  find('#until', HTMLElement).textContent =
    status === 'pending'
      ? `Unanswered until ${new Date(expires_at).toLocaleString()}, it is not done.`
      : `It is ${status}.`;
  find('#answers', HTMLElement).hidden = status !== 'pending';
}

/** @param {string} problem */
function fail(problem) {
  find('#what', HTMLElement).textContent = 'There is nothing to answer.';
  find('#answers', HTMLElement).hidden = true;
  const element = find('#problem', HTMLElement);
  element.textContent = problem;
  element.hidden = false;
}
