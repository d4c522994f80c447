// Run at build time: node lessons.mjs ASSETS MARKED SITE. Puts the Markdown parser (npm's “marked”, the folder MARKED) beside the page, and the
// list of ASSETS/lessons/NN-name.md as SITE/assets/lessons/index.json. Each lesson is read as the page reads it: one that is wrong fails the
// build, with file and line.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { parseLesson } from '../web/lessons/parse.js';

const [assets, marked, site] = process.argv.slice(2);
const folder = join(assets, 'lessons');
const parser = join(marked, 'lib', 'marked.esm.js');

function fail(sentence) {
  process.stderr.write(`error: ${sentence}\n`);
  process.exit(1);
}

function writeIfOther(file, text) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

function entry(file, lexer) {
  const { title, minutes, needs, summary, steps } = parseLesson(readFileSync(join(folder, file), 'utf8'), `assets/lessons/${file}`, lexer);
  return { name: file.replace(/\.md$/, ''), file, number: Number(file.slice(0, 2)), title, minutes, needs, summary, steps: steps.length };
}

if (!existsSync(parser)) {
  fail('The npm package “marked”, with which the page reads its lessons, is missing. tools/serve and tools/test install it; by hand: npm ci');
}
const { lexer } = await import(pathToFileURL(parser).href);
const files = readdirSync(folder).filter((file) => /^\d\d-.*\.md$/.test(file)).sort();
let list = [];
try {
  list = files.map((file) => entry(file, lexer));
} catch (error) {
  if (error.name !== 'LessonError') throw error;
  fail(error.message);
}
mkdirSync(join(site, 'assets', 'lessons'), { recursive: true });
writeIfOther(join(site, 'assets', 'lessons', 'index.json'), `${JSON.stringify(list, null, 1)}\n`);
// Without its last line, which names a map that is not there.
writeIfOther(join(site, 'marked.js'), readFileSync(parser, 'utf8').replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n'));
