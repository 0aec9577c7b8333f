// Elements found and made. Text goes in as text, never as markup. Served to the applicant's pages, too.

/** @typedef {Node | string | false | null | undefined} Child */
/** @typedef {Partial<Record<"class" | "role" | `aria-${string}`, string | null>>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @typedef {Omit<Partial<HTMLElementTagNameMap[K]>, "dataset" | "role"> & Attributes
 *   & { dataset?: Record<string, string | number> }} Properties
 */

/**
 * The first element under `root` that `selector` finds. Raises Error where none is, or where it is of another `kind`.
 * @template {Element} [E=HTMLElement]
 * @param {string} selector
 * @param {new () => E} [kind]
 * @param {ParentNode} [root]
 * @returns {E}
 */
export function $(selector, kind = /** @type {new () => E} */ (/** @type {unknown} */ (HTMLElement)), root = document) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} at ${selector}`);
  return found;
}

/**
 * Every HTML element under `root` that `selector` finds.
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} selector
 * @param {new () => E} [kind] others are left out
 * @param {ParentNode} [root]
 * @returns {E[]}
 */
export function all(
  selector,
  kind = /** @type {new () => E} */ (/** @type {unknown} */ (HTMLElement)),
  root = document,
) {
  const found = [];
  for (const each of root.querySelectorAll(selector)) if (each instanceof kind) found.push(each);
  return found;
}

/**
 * An element with these properties and children; what is null, undefined or false is left out.
 * Names with a hyphen and "role" are attributes, "on…" listeners, "class" and "dataset" as in HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Properties<K>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, properties = /** @type {Properties<K>} */ ({}), ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = String(value);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A copy of what the template of this id holds.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copy(id) {
  const [first] = $(`#${id}`, HTMLTemplateElement).content.children;
  const copied = first.cloneNode(true);
  if (!(copied instanceof HTMLElement)) throw new Error(`the template ${id} holds no HTML element`);
  return copied;
}

/**
 * The element an event began at, or the nearest of its parents that `selector` finds; null where none is.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function targetOf(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : null;
}
