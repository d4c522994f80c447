// Links: an address opens the page as it was, to the bit; what it may not ask for is left out and said; a teacher's options; projector mode.

import assert from 'node:assert/strict';

import { answered } from './hosts.mjs';
import { click, frames, hasMnist, openPage, rectangle, state, test, waitForMnist, waitForState, weightsHash, WHOLE } from './support.mjs';

const SMALL_RUN = { dataset: 'strokes', seed: 5, preset: 'tiny', batch: 16 };

/** Opens the page again with another query, and waits until it runs. */
async function visit(page, query) {
  await page.goto(new URL(query, page.url()).href);
  await page.waitForFunction(() => window.lab !== undefined);
  await page.evaluate(() => lab.ready.then(() => {}));
}

/** The link that the Share dialog makes. */
async function sharedLink(page) {
  await page.locator('#menu-share').click();
  const link = await page.locator('dialog .address').inputValue();
  await page.keyboard.press('Escape');
  return link;
}

const strip = (page, id) => page.locator(`#strip-${id}`);

test('a link made by hand after changes by hand leads to equal weights and the same view', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  await page.evaluate(async (run) => {
    await lab.reset({ ...run, freeze: ['fc1'], schedule: 'cosine 100' });
    await lab.step(10);
    await lab.freeze('conv1');
    await lab.rate('conv2', 0.3);
    await lab.step(10);
    await lab.set({ learningRate: 0.0123, batch: 24, palette: 'wss17', scale: 'global', fields: { occlusion: { size: 5, color: 'mean' } } });
    await lab.step(10);
    await lab.lock('conv2', 6);
    await lab.mode('guided');
    await lab.show(17);
    await lab.open('occlusion');
    await lab.moment(20);
  }, SMALL_RUN);
  const [made, hash] = [await state(page), await weightsHash(page)];
  assert.equal(made.history.length, 3);
  const link = await sharedLink(page);
  for (const part of ['seed=5', 'freeze=fc1', 'changes=10+freeze+conv1,10+scale+conv2+0.3,20+rate+0.0123,20+batch+24', 'step=30', 'occlusion.size=5', 'build=baseline']) {
    assert.ok(link.includes(part), `${part} in ${link}`);
  }
  assert.ok(!/momentum=|decay=|mode=deconv|projector=/.test(link), `only what is not usual: ${link}`);

  await visit(page, link);
  const opened = await waitForState(page, (s) => s.step === 30 && s.timeline.showsMoment);
  assert.equal(await weightsHash(page), hash);
  for (const name of ['seed', 'preset', 'batch', 'learningRate', 'locked', 'lab']) assert.deepEqual(opened[name], made[name], name);
  assert.equal(opened.timeline.shown, 20);
  assert.equal(opened.image.index, 17);
  assert.deepEqual(opened.view, made.view);
  assert.equal(await sharedLink(page), link, 'and its own link is the same again');
});

test('the address follows the page at calm moments, so that a reload shows the same; Back is not trapped', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  const before = await page.evaluate(() => history.length);
  await page.evaluate((run) => lab.reset(run), SMALL_RUN);
  await page.evaluate(() => lab.step(12));
  await click(page, 'scale.global');
  await page.waitForFunction(() => /step=12/.test(location.search) && /scale=global/.test(location.search));
  assert.equal(await page.evaluate(() => history.length), before);
  const hash = await weightsHash(page);
  await page.reload();
  await page.waitForFunction(() => window.lab !== undefined);
  await page.evaluate(() => lab.ready.then(() => {}));
  assert.equal((await waitForState(page, (s) => s.step === 12)).view.scale, 'global');
  assert.equal(await weightsHash(page), hash);
  await page.evaluate(() => lab.set({ speed: 5 }));
  await page.evaluate(() => lab.play());
  const address = page.url();
  await waitForState(page, (s) => s.step >= 16);
  assert.equal(page.url(), address, 'no address for each step');
});

const NASTY = [
  ['?seed=-1&batch=1e9&rate=NaN&momentum=Infinity&step=99999999999', /“seed” = “-1” is no whole number.*“rate” = “NaN”.*“step”/s],
  ['?utm_source=course&constructor=1&toString=2', /no setting “utm_source”.*no setting “constructor”/s],
  [`?arms=${encodeURIComponent('['.repeat(2000))}`, /“arms” = “\[.*cannot be read/s],
  [`?arms=${encodeURIComponent('[{"name":"a","x":[[[[[[[1]]]]]]]}]')}&recipe=${encodeURIComponent('{"__proto__":{"seed":3}}')}`, /nested too deeply.*a field “__proto__”/s],
  [`?network=${'conv+20+5x5,relu,'.repeat(900)}`, /longer than 10000/],
  ['?preset=nonsense&dataset=strokes&step=40&lab=%3Cscript%3E&palette=pink', /pink.*nonsense.*not replayed to step 40/s],
  ['?dataset=strokes&network=dense+100000000,+dense+10&unit=conv9.3&moment=77&occlusion.size=1e6&__proto__.size=1', /no setting “__proto__\.size”.*occlusion/s],
  ['?dataset=strokes&changes=5+freeze+conv77&freeze=nothing&hide=everything&lesson=..%2F..%2Fetc', /“lesson”.*everything/s],
];

test('nasty links: what cannot be read is said, and the page runs', async (t) => {
  const page = await openPage(t);
  for (const [query, says] of NASTY) {
    await visit(page, `${query}&build=baseline`);
    const said = strip(page, 'link');
    await said.filter({ hasText: 'Not all of this link could be used.' }).waitFor();
    assert.match(await said.textContent(), says);
    const after = await page.evaluate(() => lab.reset({ dataset: 'strokes', preset: 'tiny', network: '' }).then(() => lab.step(2)));
    assert.equal(after.step, 2, query.slice(0, 60));
    assert.equal(await page.evaluate(() => ({}).size), undefined, 'no prototype was touched');
  }
});

test('a teacher’s link leaves controls out and fixes the seed; the page says so, and brings them back unless they are locked', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  const hidden = { speed: 'speed', structure: 'preset', live: 'rate', freeze: 'freeze.conv1', save: 'weights.save', compare: 'lab.compare', labs: 'lab.top', timeline: 'timeline', colors: 'palette' };
  await frames(page, 4);
  const places = await page.evaluate(() => lab.ui());
  for (const widget of [...Object.values(hidden), 'seed']) assert.ok(places[widget], `${widget} is there at first`);

  await visit(page, `?dataset=strokes&preset=tiny&hide=${Object.keys(hidden)},theme&lockSeed=1&build=baseline`);
  const teacher = strip(page, 'teacher');
  await teacher.waitFor();
  assert.match(await teacher.textContent(), /some controls are left out and the seed is fixed/);
  await frames(page, 4);
  const left = await page.evaluate(() => lab.ui());
  for (const widget of Object.values(hidden)) assert.equal(left[widget], undefined, `${widget} is left out`);
  assert.ok(left.play && left.step, 'the rest is there');
  assert.equal(await page.locator('#menu-theme').isVisible(), false);
  await page.locator('#canvas').focus();
  for (const key of ['f', 'c', '3']) await page.keyboard.press(key);
  await frames(page, 3);
  const s = await state(page);
  assert.equal(s.lab, 'network');
  assert.ok(s.layers.every((layer) => !layer.frozen));

  await teacher.getByRole('button', { name: 'Show everything' }).click();
  await teacher.waitFor({ state: 'detached' });
  await frames(page, 4);
  assert.ok((await page.evaluate(() => lab.ui())).speed);

  await visit(page, '?dataset=strokes&hide=speed&lock=1&build=baseline');
  await teacher.waitFor();
  assert.equal(await teacher.getByRole('button').count(), 0);
});

test('data that differ are said, the same are not', async (t) => {
  const page = await openPage(t);
  await visit(page, '?dataset=strokes&preset=tiny&step=2&data=0123456789abcdef&build=baseline');
  await strip(page, 'data').filter({ hasText: 'has other images here than where the link was made' }).waitFor();
  const { data } = await waitForState(page, (s) => s.step === 2);
  assert.match(data.hash, /^[0-9a-f]{16}$/);
  await visit(page, `?dataset=strokes&preset=tiny&step=3&data=${data.hash}&bogus=1&build=baseline`);
  await waitForState(page, (s) => s.step === 3);
  await strip(page, 'link').filter({ hasText: 'no setting “bogus”' }).waitFor();
  assert.equal(await strip(page, 'data').count(), 0);
});

test('a replay shows its progress and can be cancelled; a long one asks first', async (t) => {
  const page = await openPage(t);
  await visit(page, '?dataset=strokes&step=19000&build=baseline');
  const line = strip(page, 'replay');
  await line.filter({ hasText: /Replaying the link: step [1-9].* of 19,000/ }).waitFor();
  await line.getByRole('button', { name: 'Cancel' }).click();
  await line.waitFor({ state: 'detached' });
  const stopped = await waitForState(page, (s) => !s.playing);
  assert.ok(stopped.step > 0 && stopped.step < 19000);
  assert.equal((await page.evaluate(() => lab.step(1))).step, stopped.step + 1, 'it stands where it was cancelled');
  assert.equal(await strip(page, 'link').count(), 0);
  await page.locator('.note').filter({ hasText: /cancelled at step .* goes to step 19,000/ }).getByRole('button', { name: 'Go on' }).click();
  await line.filter({ hasText: /Replaying the link: step [1-9].* of 19,000/ }).waitFor();
  await waitForState(page, `(s) => s.step > ${stopped.step + 2}`);
  await line.getByRole('button', { name: 'Cancel' }).click();

  await visit(page, '?dataset=strokes&preset=tiny&step=1000000&palette=wss17&build=baseline');
  await page.getByRole('button', { name: 'Stay at step 0' }).click();
  const s = await waitForState(page, (now) => now.dataset === 'strokes' && now.view.palette === 'wss17');
  assert.equal(s.step, 0);
});

test('Share offers choices, an iframe, and the text itself where the clipboard is refused', async (t) => {
  const page = await openPage(t, { viewport: WHOLE });
  await page.evaluate((run) => lab.reset(run).then(() => lab.step(3)), SMALL_RUN);
  await page.locator('#menu-share').click();
  const address = page.locator('dialog .address');
  assert.match(await address.inputValue(), /step=3/);
  await page.getByText('For teachers').click();
  await page.getByLabel('the settings, at step 0').check();
  await page.getByLabel('Timeline').check();
  await page.getByLabel('A seed for each student').check();
  assert.match(await address.inputValue(), /seed=own/);
  assert.match(await address.inputValue(), /hide=timeline/);
  assert.doesNotMatch(await address.inputValue(), /step=/);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));
  });
  await page.getByRole('button', { name: 'Copy as iframe' }).click();
  assert.match(await page.locator('dialog [role=status]').textContent(), /press Ctrl\+C/);
  const selected = await address.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd));
  assert.match(selected, /^<iframe src="http[^"]+&amp;[^"]+" title="LeNet Lab" .*allow="cross-origin-isolated; fullscreen/);
});

test('projector mode is larger all over, and what is clicked is what is hit', async (t) => {
  const page = await openPage(t, { viewport: WHOLE, strokes: true });
  const before = await rectangle(page, 'play');
  await page.locator('#menu-projector').click();
  await answered(page, (height) => lab.ui().then((places) => places.play.height > 1.2 * height), before.height);
  await frames(page, 3);
  const { width } = page.viewportSize();
  for (const [name, place] of Object.entries(await page.evaluate(() => lab.ui()))) assert.ok(place.x + place.width <= width + 1, `${name} is on the page`);
  await click(page, 'freeze.conv1');
  await waitForState(page, (s) => s.layers[0].frozen);
  await page.keyboard.press('l');
  await answered(page, (height) => lab.ui().then((places) => places.play.height < 1.1 * height), before.height);
});

test('a run that goes on from the page’s checkpoint is in a link; one from a file is not', { skip: hasMnist ? false : 'MNIST is not beside the page' }, async (t) => {
  const page = await openPage(t);
  await waitForMnist(page);
  await page.evaluate(() => lab.loadCheckpoint().then(() => lab.freeze('conv1')).then(() => lab.step(3)));
  const hash = await weightsHash(page);
  await page.waitForFunction(() => /checkpoint=wss17-mnist/.test(location.search) && /step=3/.test(location.search));
  await visit(page, page.url());
  await waitForState(page, (s) => s.step === 3);
  assert.equal(await weightsHash(page), hash);
  await page.evaluate(async () => lab.importWeights(await lab.exportWeights()).then(() => lab.step(1)));
  await page.waitForFunction(() => !/step=|checkpoint=/.test(location.search));
});
