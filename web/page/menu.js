// The page's header: buttons for what is plain HTML beside the canvas. On a narrow page they fold into a list under "Menu".

import { button } from './html.js';

const menu = document.getElementById('menu');
let hidden = new Set(); // ids that a teacher's link leaves out, also of items that come later
const opener = document.getElementById('menu-open');

/** Shows or hides the folded list; no matter on a wide page, where the buttons always stand. */
function unfold(open) {
  opener.setAttribute('aria-expanded', String(open));
  menu.classList.toggle('open', open);
}

opener.addEventListener('click', () => unfold(opener.getAttribute('aria-expanded') !== 'true'));
document.addEventListener('pointerdown', (event) => {
  if (!event.target.closest('#bar')) unfold(false);
});
document.getElementById('bar').addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || opener.getAttribute('aria-expanded') !== 'true') return;
  unfold(false);
  opener.focus();
});

/**
 * Adds a button to the header and gives it. `order` says where: from small to large, left to right. `open` is called with the click.
 * What it throws or rejects with is for the caller to handle.
 */
export function addMenuItem({ id, label, title, order = 50, open }) {
  const press = () => {
    unfold(false);
    open();
  };
  const item = button(label, press, { id: `menu-${id}`, title, data: { order }, hidden: hidden.has(id) });
  const next = [...menu.children].find((other) => Number(other.dataset.order) > order);
  menu.insertBefore(item, next ?? null);
  return item;
}

/** Leaves out the items with these ids, and no others. */
export function hideMenuItems(ids) {
  hidden = new Set(ids);
  for (const { id, element } of items()) element.hidden = hidden.has(id);
}

export const hasMenuItem = (id) => items().some((item) => item.id === id);

/** Ids of the items that are left out. */
export const hiddenMenuItems = () => menuItems().filter(({ id }) => hidden.has(id)).map(({ id }) => id);

/** All items: [{id, label, title}]. */
export const menuItems = () => items().map(({ id, element }) => ({ id, label: element.textContent, title: element.title }));

const items = () => [...menu.children].map((element) => ({ id: element.id.replace(/^menu-/, ''), element }));
