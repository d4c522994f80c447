// Where lessons come from: those beside the page (assets/lessons, listed in index.json when the page is built), an address relative to the
// page, or a file that a person chose.

import { lexer } from '../marked.js';
import { kLongestLesson, parseLesson } from './parse.js';
import { textMark } from './records.js';

const kPage = new URL('../', import.meta.url);
const kFolder = new URL('assets/lessons/', kPage);

let index = null;

async function fetchText(url, what) {
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`${what} could not be loaded (${error.message}).`);
  }
  if (!response.ok) throw new Error(`${what} could not be loaded (the server answers ${response.status}).`);
  return response.text();
}

/** The lessons beside the page: [{name, file, number, title, minutes, needs, summary, steps}], in order. */
export async function listLessons() {
  if (index) return index;
  const text = await fetchText(new URL('index.json', kFolder), 'The list of lessons');
  let list = null;
  try {
    list = JSON.parse(text);
  } catch {
    // said below
  }
  if (!Array.isArray(list)) throw new Error('The list of lessons, assets/lessons/index.json, cannot be read.');
  index = list;
  return list;
}

/** A lesson from its text. Throws an Error that names file and line. */
export function readLesson(text, file, base) {
  const name = file.replace(/^.*\//, '').replace(/\.(md|markdown)$/i, '').replace(/^[^\p{L}\p{N}]+/u, '').slice(0, 60) || 'lesson';
  return { ...parseLesson(text, file, lexer), name, file, base: String(base), mark: textMark(text) };
}

/** A lesson by its number, its name (“04-frozen”), or the address of a Markdown file on this page’s own server, relative to the page. */
export async function loadLesson(which) {
  const asked = String(which);
  const list = await listLessons();
  const known = list.find(({ name, number }) => name === asked || String(number) === asked);
  if (!known && !/\.md$/i.test(asked)) throw new Error(`There is no lesson “${asked.slice(0, 40)}”; there are ${list.map(({ name }) => name).join(', ')}.`);
  const url = known ? new URL(known.file, kFolder) : new URL(asked, kPage);
  if (url.origin !== kPage.origin || url.search !== '') throw new Error('A lesson’s address has to lead to a Markdown file on the server of this page.');
  const text = await fetchText(url, `The lesson “${asked.slice(0, 80)}”`);
  return { ...readLesson(text, known ? known.file : asked, url), address: known ? known.name : asked };
}

/** A lesson from a file that was chosen or dropped. Its relative addresses count from the page. */
export async function lessonFromFile(file) {
  if (file.size > 4 * kLongestLesson) throw new Error(`${file.name} is too long for a lesson (${Math.ceil(file.size / 1000)} kB).`);
  return { ...readLesson(await file.text(), file.name, kPage), address: null };
}
