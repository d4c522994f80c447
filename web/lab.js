// The page's entry: starts the program (builds.js says which build), gives scripts window.lab, brings the data, and shows a panel when the program cannot run or has stopped.

import { LabApi } from './api/api.js';
import { Autosave } from './save/autosave.js';
import { chooseBuild, startBuild } from './api/builds.js';
import { DataLoader } from './api/data.js';
import { installDrawing } from './draw/draw.js';
import { KeptDrawings } from './draw/kept_drawings.js';
import { explain, messageOf } from './page/failure.js';
import { acceptDrops } from './page/files.js';
import { watchGraphics } from './page/graphics.js';
import { Lessons } from './lessons/install.js';
import { classLink } from './links/link.js';
import { Links } from './links/links.js';
import { addMenuItem } from './page/menu.js';
import { Mirror } from './mirror/mirror.js';
import { Native } from './api/native.js';
import { isolateByReload, keepOffline, reload } from './page/offline.js';
import { installOwnData } from './own_data/own_data.js';
import { rewindWithWayBack } from './save/rewind.js';
import { offerRestore, toggleSavePanel } from './save/save_panel.js';
import { note, showLoading, Speaker } from './page/status.js';

let mirror = null;
const threaded = globalThis.crossOriginIsolated === true;
const speaker = new Speaker();
let data = null;
let links = null;
const api = new LabApi((state) => {
  speaker.update(state);
  if (mirror?.due) mirror.update(state());
  data?.look()?.catch(crash);
  links?.look();
});
const lab = (window.lab = api.lab);

let crashed = false;
function crash(problem) {
  if (crashed) return;
  crashed = true;
  console.error(problem);
  globalThis.lenetPanel.show(explain(problem));
  api.crash(new Error(`LeNet Lab has stopped. ${messageOf(problem)}`));
}
globalThis.lenetPanel.reload = reload;

/** Whether an error that nobody caught comes from the program, and not from a script in the console or an extension. */
function isProgramError(error, source = '') {
  const kinds = [WebAssembly.RuntimeError, WebAssembly.Exception].filter(Boolean);
  if (kinds.some((kind) => error instanceof kind)) return true;
  return /lenet-lab(-\w+)?\.(js|wasm)/.test(`${source} ${error?.stack ?? ''}`);
}
addEventListener('error', (event) => {
  if (isProgramError(event.error, event.filename)) crash(event.error ?? event.message);
});
addEventListener('unhandledrejection', (event) => {
  if (isProgramError(event.reason)) crash(event.reason);
});

/** A person's click on a button that goes through a script: what fails is shown to the person. */
const forPerson = (action) => action().catch((error) => note(error.message));

/** What the program may ask of the page (src/platform/bridge.cpp). */
const page = {
  crash: (message) => crash(new Error(message)),
  openDraw: () => forPerson(() => lab.open('draw')),
  rewind: () => forPerson(() => rewindWithWayBack(lab)),
  openLesson: (name) => forPerson(() => lab.openLesson(name)),
  saveWeights: () => forPerson(lab.saveWeights),
  saveCurve: () => forPerson(lab.saveCurve),
  openWeights: () => forPerson(lab.openWeights),
  saveResults: (what) => forPerson(() => lab.saveResults({ pooled: what.includes('pool'), csv: what.includes('csv') })),
  openResults: () => forPerson(lab.openResults),
  saveView: (what) => forPerson(() => lab.saveView(what.split(' ')[0], { npy: what.endsWith(' npy') })),
  savePicture: (scale) => forPerson(() => lab.savePicture({ scale: Number(scale) })),
  pictureDrawn: (place) => api.pictureDrawn(JSON.parse(place)),
  copyClassLink: (question) =>
    forPerson(async () => {
      const link = classLink(JSON.parse(question));
      try {
        await navigator.clipboard.writeText(link);
        note('The class link is in the clipboard. It opens this comparison with a seed of each student’s own.', { good: true });
      } catch {
        prompt('The class link:', link); // no clipboard here
      }
    }),
  reloadExact: (question) => location.assign(classLink(JSON.parse(question), lab.state().seed)),
};

const lessons = new Lessons(lab, (lesson) => api.lessonChanged(lesson));
api.attachLessons(lessons);
addMenuItem({ id: 'lessons', label: 'Lessons', title: 'Eight short lessons: predict, run, explain', order: 10, open: () => lessons.toggle() });

const takeJson = async (file) => ((await KeptDrawings.isFile(file)) ? note(await api.kept.addFile(file), { good: true }) : lab.pool(file));

/** Dropped files are lessons, kept drawings, for the pool, hold a session or weights, or are data of one's own. */
function takeDropped(files) {
  const takers = [
    [/^[^/]*\.json$/i, takeJson],
    [/^[^/]*\.(md|markdown)$/i, (file) => lessons.openFile(file)],
    [/^[^/]*\.safetensors$/i, (file) => api.openFile(file)],
  ];
  const takerOf = ({ path }) => takers.find(([pattern]) => pattern.test(path))?.[1];
  for (const each of files) if (takerOf(each)) forPerson(async () => takerOf(each)(each.file));
  const data = files.filter((each) => !takerOf(each));
  if (data.length > 0) forPerson(() => ownData.offer(data));
}

installDrawing(lab, api.kept);
const autosave = (globalThis.lenetAutosave = new Autosave(lab, () => links?.address() ?? null));
addMenuItem({ id: 'save', label: 'Save', title: 'Save and open sessions, weights, pictures, a film', order: 40, open: () => forPerson(async () => toggleSavePanel(lab, autosave)) });
mirror = new Mirror(lab);
const showText = () => mirror.show(!mirror.shown);
addMenuItem({ id: 'text', label: 'Text', title: 'All of the page as text, tables and controls', order: 80, open: showText });
document.getElementById('to-text').addEventListener('click', (event) => {
  event.preventDefault();
  mirror.show(true);
});
const ownData = installOwnData(lab, forPerson);
addMenuItem({ id: 'theme', label: '◐', title: 'Light or dark', order: 90, open: globalThis.lenetToggleTheme });

async function start() {
  showLoading('Loading the program …');
  const missing = globalThis.lenetPanel.missing();
  if (missing) throw Object.assign(new Error(missing.happened), { panel: missing });
  if (await isolateByReload()) return;
  const build = await startBuild(chooseBuild(location.search, { isolated: threaded }), {
    canvas: document.getElementById('canvas'),
    page,
    onAbort: (what) => crash(new Error(`The program ended itself: ${what}`)),
  });
  if (crashed) return;
  const native = new Native(build.module);
  data = new DataLoader(native);
  api.attach(native, { threaded, build: build.name, loadData: (set) => data.load(set) });
  data.load('mnist').catch(crash);
  await lab.ready;
  showLoading(null);
  watchGraphics();
  keepOffline().catch(console.warn);
  if (build.notice) note(build.notice);
  acceptDrops((dropped) => forPerson(async () => takeDropped(await dropped)));
  links = new Links(lab, { menu: addMenuItem });
  forPerson(async () => {
    const left = await autosave.begin();
    const { asked, own, restored } = await links.open({ left });
    if (left && !restored && (own || !asked)) await offerRestore(lab, left);
  });
}

start().catch(crash);
