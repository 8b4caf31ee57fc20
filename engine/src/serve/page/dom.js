// @ts-check

/** @typedef {string | Node | null | undefined | false} Child */

/**
 * The only way in which this page makes elements: texts become text nodes, whatever is in them.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean | undefined>>} [attributes] `true` sets an empty one; false and undefined none.
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...present(children));
  return made;
}

/**
 * @param {string} tag
 * @param {Readonly<Record<string, string | boolean | undefined>>} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  if (!(made instanceof SVGElement)) throw new Error(`${tag} is not an element of SVG`);
  setAttributes(made, attributes);
  made.append(...present(children));
  return made;
}

/**
 * An element that index.html holds.
 * @template {Element} Kind
 * @param {string} selector
 * @param {new () => Kind} kind
 * @param {ParentNode} [within]
 * @returns {Kind}
 */
export function find(selector, kind, within = document) {
  const found = within.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`index.html has no ${kind.name} ${selector}`);
}

/**
 * @param {Element} made
 * @param {Readonly<Record<string, string | boolean | undefined>>} attributes
 */
function setAttributes(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === '') continue;
    made.setAttribute(name, value === true ? '' : value);
  }
}

/** @param {readonly Child[]} children */
function present(children) {
  /** @type {(string | Node)[]} */
  const kept = [];
  for (const child of children) if (child !== null && child !== undefined && child !== false) kept.push(child);
  return kept;
}
