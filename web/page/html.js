// Plain HTML elements, made in one call.

/** An element with these properties (an attribute where the name has a dash; `data` is its data set) and children. */
export function make(tag, { data = {}, ...properties } = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

/**
 * A button that calls `onClick` with the click. `label` is a text or an element, or a list of them. A `className` among the properties takes
 * the place of the usual look; `primary` marks the button that most people want.
 */
export function button(label, onClick, { primary = false, ...properties } = {}) {
  const look = primary ? 'button primary' : 'button';
  const element = make('button', { type: 'button', className: look, ...properties }, ...[label].flat());
  element.addEventListener('click', onClick);
  return element;
}

/** Sets the text of an element only where it is another one: readers speak what is set. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A table with a caption, heads and rows of texts. */
export function table(caption, heads, rows) {
  const body = make('tbody');
  for (const [first, ...rest] of rows) {
    body.append(make('tr', {}, make('th', { scope: 'row' }, first), ...rest.map((cell) => make('td', {}, cell))));
  }
  return make('table', {}, make('caption', {}, caption), make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', { scope: 'col' }, head)))), body);
}
