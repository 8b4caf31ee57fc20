// @ts-check
import { element, find } from './dom.js';

/**
 * @template T
 * @typedef {{
 *   selector: string,
 *   load: () => Promise<import('./api.js').Answer<T>>,
 *   isEmpty: (value: T) => boolean,
 *   emptyText: string,
 *   render: (value: T) => Node,
 *   everySeconds: number,
 * }} PanelParts
 */

/**
 * A part of the page that asks for something and shows one of four states: loading, failed (with another try), empty,
 * ready. It asks again by itself, but not while nobody can see it. What is shown stays while it is asked again, and
 * stays with a warning where that fails.
 * @template T
 * @param {PanelParts<T>} parts
 */
export function createPanel({ selector, load, isEmpty, emptyText, render, everySeconds }) {
  const section = find(selector, HTMLElement);
  const body = find('.body', HTMLElement, section);
  /** @type {number | undefined} */
  let timer;
  let isAsking = false;
  let isRunning = false;

  document.addEventListener('visibilitychange', () => {
    if (isRunning && !document.hidden) void refresh();
  });
  return { start, stop, refresh, show };

  function start() {
    isRunning = true;
    showState('loading', element('p', { class: 'note' }, 'Loading …'));
    return refresh();
  }

  function stop() {
    isRunning = false;
    clearTimeout(timer);
    body.replaceChildren();
  }

  async function refresh() {
    if (isAsking || !isRunning) return;
    isAsking = true;
    clearTimeout(timer);
    const answer = await load();
    isAsking = false;
    if (!isRunning) return;
    timer = setTimeout(() => void (document.hidden ? undefined : refresh()), everySeconds * 1000);
    if (answer.kind === 'failed') return showFailure(answer.message);
    show(answer.value);
  }

  /** @param {T} value */
  function show(value) {
    if (isEmpty(value)) showState('empty', element('p', { class: 'note' }, emptyText));
    else showState('ready', render(value));
  }

  /** @param {string} message */
  function showFailure(message) {
    const retry = element('button', { type: 'button' }, 'Try again');
    retry.addEventListener('click', () => void refresh());
    showState('failed', element('p', { class: 'problem', role: 'alert' }, message, ' ', retry));
  }

  /** @param {'loading' | 'failed' | 'empty' | 'ready'} state @param {Node} content */
  function showState(state, content) {
    section.dataset['state'] = state;
    const { scrollTop } = body;
    body.replaceChildren(content);
    body.scrollTop = scrollTop;
  }
}

/** @param {string} selector @param {string} text */
export function showCount(selector, text) {
  find(`${selector} .count`, HTMLElement).textContent = text;
}
