// Sessions in files and in the browser: the same bits after a reload, and nothing lost by a bad file or a browser that keeps nothing.

import assert from 'node:assert/strict';

import { click, frames, openPage, refusal, state, test, waitForState, weightsHash, WHOLE } from './support.mjs';

const sessionBytes = (page) => page.evaluate(async () => Array.from(await lab.exportSession()));

test('a session file goes on to the same bits on another page', async (t) => {
  const here = await openPage(t, { strokes: true });
  await here.evaluate(async () => {
    await lab.reset({ network: 'conv 4 5x5, relu, pool 4, dense 10', seed: 5 });
    await lab.step(5);
    await lab.freeze('conv1');
    await lab.step(5);
  });
  const file = await sessionBytes(here);
  await here.evaluate(() => lab.step(5));

  const there = await openPage(t, { strokes: true });
  await there.evaluate((bytes) => lab.importSession(Uint8Array.from(bytes)), file);
  const s = await state(there);
  assert.equal(s.step, 10);
  assert.equal(s.seed, 5);
  assert.ok(s.layers[0].frozen);
  assert.deepEqual(s.timeline.moments, [0, 1, 2, 5, 10]);
  await there.evaluate(() => lab.step(5));
  assert.equal(await weightsHash(there), await weightsHash(here));

  assert.match(await refusal(there, '() => lab.importSession(new Uint8Array(100))'), /no session file/);
  assert.match(await refusal(there, '(bytes) => lab.importSession(Uint8Array.from(bytes.slice(0, 9000)))', file), /cut short|damaged/);
  assert.equal((await state(there)).step, 15, 'a bad file changes nothing');
});

test('autosave: what was trained is offered after a reload, and goes on to the same bits', async (t) => {
  const page = await openPage(t, { strokes: true });
  assert.equal(await page.locator('#strip-restore').count(), 0, 'nothing to restore at the first visit');
  await page.evaluate(async () => {
    await lab.reset({ network: 'conv 4 5x5, relu, pool 4, dense 10', seed: 8 });
    await lab.step(20);
    await lenetAutosave.save();
  });
  assert.ok(await page.evaluate(() => lenetAutosave.hasSaved()));
  const hash = await weightsHash(page);

  await page.goto(new URL('/?build=baseline', page.url()).href); // a reload would bring back what its address says
  await page.waitForFunction(() => window.lab !== undefined);
  await page.locator('#strip-restore').waitFor();
  assert.match(await page.locator('#strip-restore').textContent(), /seed 8, step 20/);
  await page.getByRole('button', { name: 'Go on with it' }).click();
  await waitForState(page, ({ step, seed }) => step === 20 && seed === 8);
  assert.equal(await weightsHash(page), hash);
  assert.equal(await page.locator('#strip-restore').count(), 0);

  await page.locator('#menu-open').click(); // this page is narrow
  await page.locator('#menu-save').click();
  await page.getByLabel('Keep the run by itself').uncheck();
  await page.waitForFunction(() => !lenetAutosave.hasSaved() && !lenetAutosave.on);
});

test('Rewind by hand has a way back to the same bits', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  await page.evaluate(() => lab.step(60));
  const hash = await weightsHash(page);
  await click(page, 'rewind');
  await waitForState(page, ({ step }) => step === 0);
  await page.getByRole('button', { name: 'Bring it back' }).click();
  await waitForState(page, ({ step }) => step === 60);
  assert.equal(await weightsHash(page), hash);
  assert.equal(await page.locator('.note').count(), 0);
});

test('a browser that keeps nothing says so, and the page trains on', async (t) => {
  const deny = (page) => page.addInitScript(() => (IDBFactory.prototype.open = () => { throw new DOMException('storage is switched off', 'SecurityError'); }));
  const page = await openPage(t, { strokes: true, prepare: deny });
  await page.waitForFunction(() => globalThis.lenetAutosave.problem !== null);
  assert.match(await page.evaluate(() => lenetAutosave.problem), /switched off/);
  assert.equal((await page.evaluate(() => lab.step(3))).step, 3);
});

test('the film of the filters is an animated PNG with a frame a stored step', async (t) => {
  const page = await openPage(t, { strokes: true, viewport: WHOLE });
  assert.match(await refusal(page, '() => lab.film()'), /only one stored step/);
  await page.evaluate(() => lab.step(5));
  await frames(page);
  const film = await page.evaluate(async () => {
    const seen = [];
    const bytes = await lab.film({ scale: 1, progress: (frame, all) => seen.push(`${frame}/${all}`) });
    const decoder = new ImageDecoder({ data: bytes, type: 'image/png' });
    await decoder.tracks.ready;
    const pixels = async (frameIndex) => {
      const { image } = await decoder.decode({ frameIndex });
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
      canvas.getContext('2d').drawImage(image, 0, 0);
      return Array.from(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height - 28).data);
    };
    const [first, last] = [await pixels(0), await pixels(3)];
    return { seen, frames: decoder.tracks.selectedTrack.frameCount, moved: first.filter((v, i) => Math.abs(v - last[i]) > 8).length, step: lab.state().timeline };
  });
  assert.deepEqual(film.seen, ['1/4', '2/4', '3/4', '4/4']);
  assert.equal(film.frames, 4);
  assert.ok(film.moved > 500, `only ${film.moved} values differ between the first and the last frame`);
  assert.equal(film.step.showsMoment, false);
});
