// Drawing a digit: a panel in the dock with the pad and the kept drawings, opened from the header, from the program, or by lab.open('draw').

import { addPanel, toggleDock } from '../page/dock.js';
import { DrawPanel } from './draw_panel.js';
import { KeptPanel } from './kept_panel.js';
import { make } from '../page/html.js';
import { addMenuItem } from '../page/menu.js';

const kPanel = 'draw';

/** `kept`: the KeptDrawings to show. */
export function installDrawing(lab, kept) {
  let parts = null; // made when it is opened first, and kept: what is on the pad stays there

  const describe = () => {
    parts ??= [new DrawPanel(lab, kept), new KeptPanel(lab, kept)];
    const update = (state) => parts.forEach((part) => part.update(state));
    const stop = lab.on('snapshot', update);
    update(lab.state());
    return { title: 'Draw a digit', element: make('div', {}, ...parts.map((part) => part.element)), onClose: stop };
  };
  addPanel(kPanel, describe);
  addMenuItem({ id: kPanel, label: '✎ Draw', title: 'Draw a digit, and see what the network makes of it', order: 20, open: () => toggleDock(kPanel) });
}
