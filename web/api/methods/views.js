// lab's methods for what the page shows: labs, unit, stored step, pictures, the film.

import { findings } from '../replies.js';
import { kBinary, saveAs } from '../save_as.js';
import { showPanel } from '../../page/dock.js';
import { makeFilm } from '../../save/film.js';

export const viewMethods = (api) => {
  /** What an open view has found, all of one answer, as the view may be renewed meanwhile: {step, files: {name: Uint8Array}}. */
  const exportView = async (view) => {
    const { files: sizes, bytes } = await api.ask({ do: 'exportView', view });
    const files = {};
    let offset = 0;
    for (const [name, size] of sizes) {
      files[name] = bytes.slice(offset, offset + size);
      offset += size;
    }
    const { step } = JSON.parse(new TextDecoder().decode(files['facts.json']));
    return { step, files };
  };

  return {
    /**
     * Opens 'lessons', 'draw' (the drawing pad) or a lab: 'network', 'top', 'evolution', 'invariance', 'occlusion', 'architecture', 'lookBack',
     * 'classes', 'random', 'closer', 'confusion', 'compare'. Resolves when it is told. Rejects for any other name.
     * @param {{comparison?: string, seeds?: number, first?: number, steps?: number, epochs?: number}} fields of 'compare', to begin with
     */
    open: async (name, fields = {}) => {
      await api.ready;
      if (name === 'lessons') return api.lessons.show();
      if (showPanel(name)) return;
      if (name === 'compare') api.native.openComparison(fields);
      else api.native.openLab(String(name));
    },

    /** Resolves with the widgets on screen by name, {x, y, width, height} in CSS pixels of the page; tiles also have their `scale`. */
    ui: async () => {
      await api.ready;
      const { left, top } = document.getElementById('canvas').getBoundingClientRect();
      const places = Object.entries(api.native.ui());
      return Object.fromEntries(places.map(([name, place]) => [name, { ...place, x: place.x + left, y: place.y + top }]));
    },

    /** Shows unit `unit` (counted from 0) of a conv or dense layer in the inspector. Resolves with state(). Rejects where there is none. */
    lock: (layer, unit) => api.tell({ do: 'lock', layer, unit }),

    /** How the inspector looks back to the pixels: 'deconv', 'gradient', 'guided'. Resolves with state(). Rejects for any other. */
    mode: (mode) => api.tell({ do: 'mode', mode }),

    /** How many held-out images, 9 to 5,000, are searched for a unit's strongest ones. Resolves with state(). Rejects for any other number. */
    probe: (images) => api.tell({ do: 'probe', images }),

    /**
     * Shows a stored step (state().timeline.moments) in all that looks into the network; null or nothing: the present again, as whatever trains
     * does. Resolves with state(). Rejects where the step is not stored.
     */
    moment: (step = null) => api.tell({ do: 'moment', step }),

    /**
     * Resolves with what an open view (state().views) has found, in look()'s form. Rejects where it is not open, or still being worked out.
     */
    view: async (view) => findings(await api.ask({ do: 'view', view })),

    /**
     * Resolves with an open view's table as text (CSV), or with its array of the name `array` as the bytes of a .npy file (Uint8Array). Rejects as
     * view() does, and where there is no such array.
     */
    exportView: async (view, { array } = {}) => {
      const { files } = await exportView(view);
      if (array === undefined || array === null) return new TextDecoder().decode(files['table.csv']);
      if (!files[`${array}.npy`]) throw new Error(`The view “${view}” has no array “${array}”.`);
      return files[`${array}.npy`];
    },

    /** Downloads an open view's table and facts, with `npy` its arrays. Rejects as view() does. */
    saveView: async (view, { npy = false } = {}) => {
      const { files, step } = await exportView(view);
      for (const [name, bytes] of Object.entries(files)) {
        if (name.endsWith('.npy') !== npy) continue;
        saveAs(api, bytes, name === 'table.csv' ? `${view}.csv` : `${view}.${name}`, kBinary, step);
      }
    },

    /**
     * Resolves with the lab on show as a PNG (Blob), `scale` pixels a CSS pixel: 1 to 4, and no side above 8,192 pixels. Rejects for any other, while
     * another picture is being taken, and where there is nothing on show.
     */
    picture: async ({ scale = 2 } = {}) => {
      await api.ready;
      return api.pictures.take(api.native, scale);
    },

    /** Downloads what picture() gives. Rejects as that does. */
    savePicture: async ({ scale = 2 } = {}) => {
      const picture = await api.lab.picture({ scale });
      saveAs(api, picture, `${api.state().lab}.png`, 'image/png');
    },

    /**
     * Goes through the stored steps, the last 200 at the most, and resolves with the filters of `layer` at each as an animated PNG (Uint8Array); null
     * where progress() gave it up. The page shows what it showed then, and plays on where it played. Rejects where fewer than two steps
     * are stored, or the filters have no room on the page.
     * @param {{layer?: string, scale?: number, progress?: (frame: number, all: number) => boolean|void}} settings 'conv1' and 2 pixels a CSS pixel
     *   where they are left out; `progress` is called after each frame, and gives the film up by returning false
     */
    film: async (settings = {}) => makeFilm(api.lab, settings),

    /** Downloads what film() gives. Resolves with whether it was not given up. Rejects as that does. */
    saveFilm: async (settings = {}) => {
      const film = await makeFilm(api.lab, settings);
      if (film) saveAs(api, film, `${settings.layer ?? 'conv1'}-film.png`, 'image/png');
      return film !== null;
    },
  };
};
