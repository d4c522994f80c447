// The lessons: played with real clicks, kept, exported; files that are wrong, and files that mean harm.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { WHOLE, click, frames, openPage, state, test } from './support.mjs';

/** Not the whole page: Chromium draws in software here. */
const VIEWPORT = { width: 480, height: 700 };

const open = (t, options = {}) => openPage(t, { viewport: VIEWPORT, ...options });

async function openLesson(page, name) {
  await page.click('#menu-open');
  await page.click('#menu-lessons');
  await page.click(`.lesson-entry[data-lesson="${name}"]`);
  await page.waitForSelector('[data-next]');
}

const next = (page) => page.click('[data-next]');
const nextIsOpen = (page) => page.locator('[data-next]').isEnabled();
const lesson = (page) => page.evaluate(() => lab.lesson());
const choose = (page, id, choice) => page.click(`[data-predict="${id}"] .lesson-choice >> nth=${choice}`);

/** Clicks the button of the step's run block and waits until it is done; gives what went wrong, or ''. */
async function run(page, index) {
  await page.click(`[data-run="${index}"]`); // it runs when this returns, or is done already
  await page.waitForFunction(() => !lab.lesson().running, null, { timeout: 120_000 });
  await page.waitForSelector(`[data-run="${index}"]`);
  return page.$$eval('.lesson-problem', (all) => all.map((each) => each.textContent).join());
}

const pretend = (page, text, path = 'assets/lessons/made-up.md') => page.route(`**/${path}`, (route) => route.fulfill({ status: 200, body: text, contentType: 'text/markdown' }));

/** Opens a text as a lesson by its address and gives what the page says against it, or null. */
const refused = (page, which) => page.evaluate((name) => lab.openLesson(name).then(() => null, (error) => error.message), which);

const head = (rest) => `---\ntitle: Made up\nminutes: 5\n---\n${rest}`;

test('lesson 4 from start to end: the prediction comes first, the result beside it, both in the export', async (t) => {
  const page = await open(t);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.evaluate(() => {
    window.heard = [];
    lab.on('lesson', (now) => window.heard.push(now?.step ?? null));
    return lab.set({ overlay: false }); // nobody looks at the canvas: twice as fast
  });
  assert.equal(await lesson(page), null);
  assert.ok(!asked.some((url) => url.endsWith('marked.js')), 'the lessons are loaded when they are wanted');
  await openLesson(page, '04-frozen');
  assert.ok((await page.evaluate(() => lab.lessons())).length >= 8);
  const { steps } = await lesson(page);
  await next(page);
  assert.equal((await lesson(page)).step, 1);

  assert.equal(await nextIsOpen(page), false, 'no result without a prediction');
  await page.evaluate(() => lab.openLesson('04-frozen', 3));
  assert.equal((await lesson(page)).step, 1, 'nor by a link');
  await choose(page, 'cost', 0);
  await choose(page, 'cost', 2);
  await next(page);
  assert.equal(await nextIsOpen(page), false, 'nor without a run');
  assert.equal(await run(page, 0), '');
  await next(page);

  const { step, arms } = await page.evaluate(() => lab.comparison());
  assert.equal(step, 140);
  const cost = 100 * (arms[0].accuracy.at(-1).value - arms[1].accuracy.at(-1).value);
  const { results, predictions } = await lesson(page);
  assert.equal(predictions.cost, '2 to 8 points');
  assert.ok(Math.abs(results[0].value - cost) < 1e-9);
  assert.equal(arms[0].accuracy.at(-1).n, 10_000);
  const card = await page.locator('.lesson-result').first().innerText();
  assert.match(card, /You predicted: 2 to 8 points/);
  assert.match(card, new RegExp(`${cost.toFixed(2).replace('-', '−')} points`));
  assert.match(card, /n = 10,000 test images, step 140, 1 seed \(1\)/);

  await page.evaluate(() => lab.openLesson('04-frozen', 1));
  assert.equal(await page.locator('[data-predict="cost"] input').first().isDisabled(), true, 'what has been run stands');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal((await lesson(page)).step, 3);
  await next(page);
  await choose(page, 'later', 1);
  assert.equal(await nextIsOpen(page), false, 'both questions');
  await page.fill('[data-predict="time"] input', '900');
  assert.equal(await nextIsOpen(page), false, 'out of its range');
  await page.fill('[data-predict="time"] input', '60');
  await next(page);
  assert.equal(await run(page, 1), '');
  assert.equal((await page.evaluate(() => lab.comparison())).step, 300);
  await next(page);
  assert.equal((await lesson(page)).step, steps - 1);

  const rows = await page.evaluate(() => lab.predictions());
  assert.deepEqual(rows.map(({ lesson: name, prediction, predicted }) => [name, prediction, predicted]), [
    ['04-frozen', 'cost', '2 to 8 points'], ['04-frozen', 'later', '1 to 4 points are left'], ['04-frozen', 'time', 60]]);
  assert.ok(Math.abs(rows[0].measured - cost) < 1e-9);
  assert.equal(rows[0].as_predicted, cost >= 2 && cost < 8);
  const heard = await page.evaluate(() => window.heard);
  for (let step = 0; step < steps; step++) assert.ok(heard.includes(step), `the event “lesson” at step ${step}`);

  await next(page); // done: the list, and the file
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save CSV' }).click()]);
  const csv = readFileSync(await download.path(), 'utf8');
  assert.match(csv, /^student,lesson,title,/);
  assert.match(csv, /04-frozen,Frozen convs: what does it cost\?,1,cost,"After 140 steps/);
  assert.match(await page.locator('.lesson-entry[data-lesson="04-frozen"]').innerText(), /✓ done/);
  await page.reload();
  await page.waitForFunction(() => window.lab?.state().ready);
  assert.equal((await page.evaluate(() => lab.predictions())).length, 3, 'kept in the browser');
});

test('a run of one’s own is not thrown away unasked, a lesson’s run can be cancelled and done again', async (t) => {
  const page = await open(t, { strokes: true });
  await page.evaluate(() => lab.step(3));
  await openLesson(page, '02-learn');
  await next(page);
  await choose(page, 'ten', 0);
  await page.fill('[data-predict="hundred"] input', '50');
  await next(page);
  await page.click('[data-run="0"]');
  await page.click('dialog button:has-text("Cancel")');
  await page.waitForSelector('[data-run="0"]');
  assert.equal((await state(page)).step, 3, 'nothing was done');
  assert.equal(await nextIsOpen(page), false);

  await page.click('[data-run="0"]');
  await page.click('dialog button:text-is("Go on")');
  await page.waitForFunction(() => lab.state().step > 0 && lab.state().speed === 2);
  await page.click('.lesson-run button:has-text("Cancel")');
  await page.waitForSelector('.lesson-problem');
  assert.match(await page.locator('.lesson-problem').innerText(), /^Cancelled\./);
  await page.waitForFunction(() => lab.state().speed === 0, null, { timeout: 10_000 });
  assert.equal(await nextIsOpen(page), false, 'a cancelled run has no result');
  assert.equal(await page.locator('[data-run="0"]').isEnabled(), true);
});

test('all lessons parse, and all that they call exists', async (t) => {
  const page = await open(t);
  const found = await page.evaluate(async () => {
    const { listLessons, loadLesson } = await import('./lessons/library.js');
    const { kCalls } = await import('./lessons/calls.js');
    const list = await listLessons();
    const lessons = await Promise.all(list.map(({ name }) => loadLesson(name)));
    const blocks = (each, kind) => each.steps.flatMap((step) => step.blocks).filter((block) => block.kind === kind);
    return {
      strange: [...kCalls.keys()].filter((method) => typeof lab[method] !== 'function'),
      lessons: lessons.map((each) => ({
        name: each.name,
        minutes: each.minutes,
        counts: ['predict', 'run', 'show'].map((kind) => blocks(each, kind).length),
        labs: blocks(each, 'run').flatMap(({ calls }) => calls).filter(({ method }) => method === 'open').map(({ values }) => values[0]),
      })),
    };
  });
  assert.deepEqual(found.strange, [], 'window.lab has every method that a lesson may call');
  assert.ok(found.lessons.length >= 8);
  for (const { name, minutes, counts } of found.lessons) {
    assert.ok(minutes >= 5 && minutes <= 10, `${name} takes ${minutes} minutes`);
    assert.ok(counts.every((count) => count > 0), `${name} asks, runs and shows`);
  }
  for (const name of new Set(found.lessons.flatMap(({ labs }) => labs))) await page.evaluate((word) => lab.open(word), name);

  const [, example] = /````markdown\n([\s\S]*?)````/.exec(readFileSync(new URL('../../docs/lessons.md', import.meta.url), 'utf8'));
  const titles = await page.evaluate(async (text) => {
    const { readLesson } = await import('./lessons/library.js');
    return readLesson(text, 'docs/lessons.md', location.href).steps.map(({ title }) => title);
  }, example);
  assert.deepEqual(titles, ['The question', 'Predict', 'Run', 'Explain'], 'the example that teachers start from');
});

test('a lesson that is wrong says where, by file and line', async (t) => {
  const page = await open(t);
  const wrong = [
    ['no head', 'Only text.', /made-up\.md, line 1: A lesson begins with/],
    ['no minutes', '---\ntitle: A\n---\nText.', /line 1: .*minutes/],
    ['an unknown call', head('```predict a\nWhy?\n- x\n- y\n```\n\n```run Go\nstep 3\nsaveWeights\n```\n'), /line 13: A lesson cannot call “saveWeights”; it can call reset, /],
    ['arguments', head('```run Go\nstep "many"\n```\n'), /line 6: “step” needs a whole number/],
    ['no JSON', head('```run Go\nreset {seed: 1}\n```\n'), /line 6: What “reset” is given cannot be read/],
    ['the drawing off', head('```run Go\nset {"overlay": false}\n```\n'), /line 6: A lesson can “set” .*not “overlay”/],
    ['an unknown measure', head('```run Go\nstep 1\n```\n```show\nhappiness\n```\n'), /line 9: There is no measure “happiness”/],
    ['an answer to nothing', head('```run Go\nstep 1\n```\n```show\nanswers b: accuracy\n```\n'), /line 9: No prediction “b”/],
    ['one choice', head('```predict a\nWhy?\n- x\n```\n'), /line 5: .*two choices/],
  ];
  let text = '';
  await page.route('**/assets/lessons/made-up.md', (route) => route.fulfill({ status: 200, body: text, contentType: 'text/markdown' }));
  for (const [what, body, message] of wrong) {
    text = body;
    assert.match((await refused(page, 'assets/lessons/made-up.md')) ?? 'nothing was said', message, what);
  }
  assert.match(await refused(page, 'nowhere.md'), /could not be loaded \(the server answers 404\)/);
  assert.match(await refused(page, '99'), /There is no lesson “99”; there are 01-filter/);
  assert.match(await refused(page, 'https://example.org/a.md'), /on the server of this page/);

  // a person who drops such a file reads it on the page
  await page.evaluate((body) => {
    const data = new DataTransfer();
    data.items.add(new File([body], 'mine.md', { type: 'text/markdown' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, wrong[2][1]);
  await page.waitForFunction(() => /mine\.md, line 13: A lesson cannot call/.test(document.body.innerText));
  assert.equal(await lesson(page), null);
});

test('a lesson’s steps keep the pace that it sets, each of them drawn', async (t) => {
  const page = await open(t);
  await page.evaluate(async () => {
    window.heard = new Set();
    lab.on('snapshot', ({ step }) => window.heard.add(step));
    await lab.openLesson('02-learn');
  });
  await next(page);
  for (const id of ['ten', 'hundred']) {
    const input = page.locator(`[data-predict="${id}"] input[type=number]`);
    if (await input.count()) await input.fill('50');
    else await choose(page, id, 1);
  }
  await next(page);
  assert.equal(await run(page, 0), '');
  assert.equal((await state(page)).step, 10);
  const heard = await page.evaluate(() => [...window.heard].filter((step) => step >= 1 && step <= 10));
  assert.equal(heard.length, 10, `each step is shown: ${heard}`);
});

test('a lesson leads to the next one, and the page stays; the twins of one do not train in another', async (t) => {
  const page = await open(t);
  await pretend(page, head('See [lesson 5](?lesson=5).\n\n```run Twins\nreset {"dataset": "strokes", "preset": "tiny"}\ncompare "frozen"\n```\n\n```run One\nreset {"dataset": "strokes"}\nstep 1\n```\n'));
  assert.equal(await refused(page, 'assets/lessons/made-up.md'), null);
  assert.equal(await run(page, 0), '');
  assert.equal((await page.evaluate(() => lab.comparison())).arms.length, 2);
  assert.equal(await run(page, 1), '');
  assert.equal((await page.evaluate(() => lab.comparison())).arms.length, 1);
  const before = await page.evaluate(() => ((window.still = true), location.pathname));
  await page.click('.lesson-text a');
  await page.waitForFunction(() => lab.lesson()?.name === '05-linear');
  assert.equal(await page.evaluate(() => window.still && location.pathname), before, 'the page was not left');
});

test('a view of the page leads to its lesson, unless a teacher’s link leaves lessons out', async (t) => {
  const page = await openPage(t, { viewport: WHOLE, strokes: true });
  const views = {
    compare: '04-frozen', top: '06-pixels', evolution: '07-invariance', invariance: '07-invariance', occlusion: '08-occlusion', lookBack: '06-pixels',
    classes: '06-pixels', random: '03-random', closer: '01-filter',
  };
  for (const [view, name] of Object.entries(views)) {
    await page.evaluate((word) => lab.open(word), view);
    await frames(page, 4);
    await click(page, 'lab.lesson');
    await page.waitForFunction((wanted) => lab.lesson()?.name === wanted, name);
    await page.keyboard.press('Escape'); // the dock makes room for the whole page again
  }
  await page.evaluate(() => lab.set({ hide: ['lessons'] }));
  await frames(page, 4);
  assert.equal((await page.evaluate(() => lab.ui()))['lab.lesson'], undefined);
  assert.equal(await page.locator('#menu-lessons').isVisible(), false);
});

test('a hostile lesson does nothing', async (t) => {
  const page = await open(t, { prepare: (fresh) => fresh.addInitScript(() => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); })) });
  const elsewhere = [];
  page.on('request', (request) => !request.url().startsWith(new URL(page.url()).origin) && elsewhere.push(request.url()));
  await pretend(page, head(`
<script>window.harmed = 1</script> <img src=x onerror="window.harmed = 2"> <b onclick="window.harmed = 3">bold</b>

[a link](javascript:window.harmed=4) [data](data:text/html,<script>window.harmed=5</script>) [good](https://example.org/a)
![far](https://example.org/track.png) ![odd](javascript:window.harmed=6)

<iframe src="https://example.org"></iframe>

## Ask

\`\`\`predict constructor
<img src=x onerror="window.harmed = 7">
- <script>window.harmed = 8</script>
- b
\`\`\`

## Run

\`\`\`run <b>Go</b>
show 2
\`\`\`
`));
  assert.equal(await refused(page, 'assets/lessons/made-up.md'), null);
  const shown = await page.locator('.lesson').innerHTML();
  assert.ok(!/<script|<iframe|<b |onerror=|javascript:|data:text/.test(shown.replace(/&lt;[^&]*&gt;/g, '')), shown);
  assert.deepEqual(await page.$$eval('.lesson-text a', (all) => all.map((a) => [a.href, a.rel, a.target])), [['https://example.org/a', 'noopener noreferrer', '_blank']]);
  assert.equal(await page.locator('.lesson-text img').count(), 0);
  await page.waitForSelector('.lesson-trouble'); // this browser keeps nothing, and that is said
  await next(page);
  assert.equal(await page.locator('.lesson-predict script, .lesson-predict img').count(), 0);
  await choose(page, 'constructor', 0);
  await next(page);
  assert.equal(await run(page, 0), '');
  assert.equal((await state(page)).image.index, 2);
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.deepEqual(elsewhere, []);
});
