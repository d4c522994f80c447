// The list of lessons, what became of them, and the export of the predictions.

import { chooseFile, download } from '../page/files.js';
import { button, make } from '../page/html.js';

/** Where a student is in a lesson, in words. */
function progressOf(attempt, steps) {
  if (!attempt) return '';
  if (attempt.done) return '✓ done';
  return attempt.step > 0 || Object.keys(attempt.predictions).length > 0 ? `step ${attempt.step + 1} of ${steps}` : '';
}

function entry({ name, number, title, minutes, summary, steps }, records, open) {
  const said = progressOf(records.last(name), steps);
  const parts = [
    make('span', { className: 'lesson-number-of', textContent: String(number) }),
    make('span', {}, make('strong', { textContent: title }), make('span', { className: 'small', textContent: summary })),
    make('span', { className: 'small lesson-minutes' }, `${minutes} min`, make('br'), said),
  ];
  return make('li', {}, button(parts, () => open(name), { className: 'lesson-entry', data: { lesson: name } }));
}

function exportForm(records, redraw) {
  const student = make('input', { type: 'text', value: records.student, maxLength: 100, autocomplete: 'off' });
  student.addEventListener('change', () => (records.student = student.value.trim()));
  const save = (ending, type) => () => {
    records.student = student.value.trim();
    download(records[ending](), `lenet-lab-predictions${records.student === '' ? '' : `-${records.student.replace(/[^\p{L}\p{N}]+/gu, '-')}`}.${ending}`, type);
  };
  const empty = records.isEmpty;
  return make('section', { className: 'lesson-export' },
    make('h3', { textContent: 'Your predictions' }),
    make('p', { className: 'small', textContent: 'They are kept in this browser and go nowhere. A file holds each of them beside what was measured.' }),
    make('label', {}, 'Your name (if you like) ', student),
    make('div', { className: 'lesson-foot' },
      button('Save CSV', save('csv', 'text/csv'), { disabled: empty }),
      button('Save JSON', save('json', 'application/json'), { disabled: empty }),
      button('Forget all', () => {
        records.forgetAll();
        redraw();
      }, { disabled: empty, className: 'lesson-plain' })));
}

/** The panel's first page. `open(name)` opens a lesson, `openFile(file)` one from a file, `fail(error)` says what went wrong. */
export function drawList(element, lessons, { records, problem, open, openFile }) {
  const redraw = () => drawList(element, lessons, { records, problem: null, open, openFile });
  const choose = async () => {
    const file = await chooseFile('.md,.markdown,text/markdown');
    if (file) openFile(file);
  };
  element.replaceChildren();
  if (problem) element.append(make('p', { className: 'lesson-problem', role: 'alert', textContent: problem }));
  if (records.trouble) element.append(make('p', { className: 'lesson-trouble', role: 'alert', textContent: records.trouble }));
  element.append(
    make('p', { className: 'small', textContent: 'In each: predict, then run, then explain. All runs live, on this machine.' }),
    make('ol', { className: 'lesson-list' }, ...lessons.map((lesson) => entry(lesson, records, open))),
    make('p', {}, button('Open a lesson file …', choose, { className: 'lesson-plain' })),
    exportForm(records, redraw));
}
