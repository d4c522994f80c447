// Markdown's tokens (marked.lexer) as elements. Every node is made here, one kind at a time, so nothing that a lesson says becomes HTML:
// what looks like a tag is shown as the letters that it is.

import { make } from '../page/html.js';

/** An address that a lesson may lead to: http, https, or relative to `base`; one that begins with “?” to the page. null for any other. */
function safeAddress(href, base) {
  try {
    const url = new URL(href, href.startsWith('?') ? location.href : base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

function link(token, context) {
  const url = safeAddress(token.href, context.base);
  if (!url) return fragment(token.tokens, context);
  const element = make('a', { href: url.href }, fragment(token.tokens, context));
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
  element.append(...token.items.map((item) => make('li', {}, fragment(item.tokens, context))));
  return element;
}

function row(cells, kind, context) {
  const element = make('tr');
  for (const cell of cells) {
    const box = make(kind, {}, fragment(cell.tokens, context));
    if (cell.align) box.style.textAlign = cell.align;
    element.append(box);
  }
  return element;
}

function table(token, context) {
  const head = make('thead', {}, row(token.header, 'th', context));
  return make('table', {}, head, make('tbody', {}, ...token.rows.map((cells) => row(cells, 'td', context))));
}

/** Elements that hold the tokens inside. */
const kPlain = { paragraph: 'p', strong: 'strong', em: 'em', del: 'del', blockquote: 'blockquote' };

const kMakers = {
  heading: (token, context) => make('h4', {}, fragment(token.tokens, context)),
  code: (token) => make('pre', {}, make('code', {}, token.text)),
  codespan: (token) => make('code', {}, token.text),
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
  if (Object.hasOwn(kPlain, token.type)) return make(kPlain[token.type], {}, fragment(token.tokens, context));
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
