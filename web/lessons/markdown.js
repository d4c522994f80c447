// Markdown's tokens (marked.lexer) as elements. Every node is made here, one kind at a time, so nothing that a lesson says becomes HTML:
// what looks like a tag is shown as the letters that it is.

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);

/** An address that a lesson may lead to: http, https, or relative to `base`. null for any other. */
function safeAddress(href, base) {
  try {
    const url = new URL(href, base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

function link(token, context) {
  const url = safeAddress(token.href, context.base);
  if (!url) return fragment(token.tokens, context);
  const element = make('a', { href: url.href });
  element.append(fragment(token.tokens, context));
  if (url.origin !== location.origin) Object.assign(element, { target: '_blank', rel: 'noopener noreferrer' });
  return element;
}

/** Pictures beside the lesson only: one from elsewhere would tell its host who learns what. */
function image(token, context) {
  const url = safeAddress(token.href, context.base);
  if (!url || url.origin !== location.origin) return document.createTextNode(token.text);
  return make('img', { src: url.href, alt: token.text, loading: 'lazy' });
}

function list(token, context) {
  const element = make(token.ordered ? 'ol' : 'ul');
  if (token.ordered && Number.isInteger(token.start)) element.start = token.start;
  for (const item of token.items) {
    const line = make('li');
    line.append(fragment(item.tokens, context));
    element.append(line);
  }
  return element;
}

function row(cells, kind, context) {
  const element = make('tr');
  for (const cell of cells) {
    const box = make(kind);
    if (cell.align) box.style.textAlign = cell.align;
    box.append(fragment(cell.tokens, context));
    element.append(box);
  }
  return element;
}

function table(token, context) {
  const element = make('table');
  const head = make('thead');
  head.append(row(token.header, 'th', context));
  const body = make('tbody');
  body.append(...token.rows.map((cells) => row(cells, 'td', context)));
  element.append(head, body);
  return element;
}

/** Elements that hold the tokens inside. */
const kPlain = { paragraph: 'p', strong: 'strong', em: 'em', del: 'del', blockquote: 'blockquote' };

const kMakers = {
  heading: (token, context) => {
    const element = make('h4');
    element.append(fragment(token.tokens, context));
    return element;
  },
  code: (token) => {
    const element = make('pre');
    element.append(make('code', { textContent: token.text }));
    return element;
  },
  codespan: (token) => make('code', { textContent: token.text }),
  br: () => make('br'),
  hr: () => make('hr'),
  space: () => '',
  def: () => '',
  checkbox: () => '',
  link,
  image,
  list,
  table,
};

function node(token, context) {
  if (Object.hasOwn(kPlain, token.type)) {
    const element = make(kPlain[token.type]);
    element.append(fragment(token.tokens, context));
    return element;
  }
  if (Object.hasOwn(kMakers, token.type)) return kMakers[token.type](token, context);
  if (token.tokens) return fragment(token.tokens, context);
  return document.createTextNode(token.text ?? token.raw); // text, an escape; HTML as its letters
}

/** A document fragment of these tokens; relative addresses in them count from `base`. */
export function fragment(tokens, context) {
  const all = document.createDocumentFragment();
  for (const token of tokens ?? []) all.append(node(token, context));
  return all;
}
