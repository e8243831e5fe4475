/** The Rotate view: pictures are brought in every way, turned by pointer and keys, mapped, saved; what is bad gets a sentence. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { loadEncoders, picture, png, zipOf } from '../src/lab/data/testing/pictures';
import { tiffOf } from '../src/lab/pictures/testing/tiffs';
import { violations } from './axe';
import { expect, test } from './fixtures';
import { dropFile, hold, tinyRecipe } from './lab';

/** The smallest networks: what is tested is the page. */
const NETS = 'model=tiny&rotate.nets=synthetic-tiny,synthetic-tiny-plain';
const SLOW = { timeout: 60_000 };

const dial = (page: Page) => page.getByRole('slider', { name: 'Angle of the tile' });
const says = (page: Page) => page.getByTestId('says');
const steady = (page: Page) => page.getByTestId('steady');
const strip = (page: Page) => page.getByTestId('strip').getByRole('button', { pressed: true });

test.beforeEach(loadEncoders);

async function openRotate(page: Page, more = ''): Promise<void> {
  await page.goto(`#view=rotate&${NETS}${more}`);
  await expect(says(page)).toHaveCount(2, SLOW);
}

/** Every point of the polar chart stands at its angle; its distance is the confidence that the words tell. */
async function polarStands(page: Page): Promise<void> {
  const chart = page.getByRole('region', { name: 'All the way round' });
  await expect(chart.locator('.recharts-radar-dots')).toHaveCount(2);
  const { radius, labels, nets } = await chart.evaluate((card) => {
    const middle = (element: Element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    };
    const svg = card.querySelector('.recharts-surface')!;
    const centre = middle(svg);
    /** Counter-clockwise from the top, and how far out. */
    const polar = (element: Element) => {
      const { x, y } = middle(element);
      const [right, up] = [x - centre.x, centre.y - y];
      return { angle: (360 + (Math.atan2(-right, up) * 180) / Math.PI) % 360, out: Math.hypot(right, up) };
    };
    const words = [...card.querySelectorAll('.recharts-polar-angle-axis-tick text')];
    return {
      radius: 0.4 * svg.getBoundingClientRect().width,
      labels: words.map((word) => ({ text: word.textContent, ...polar(word) })),
      nets: [...card.querySelectorAll('.recharts-radar-dots')].map((dots) =>
        [...dots.querySelectorAll('path')].map(polar),
      ),
    };
  });
  /** Degrees between two angles. */
  const between = (a: number, b: number) => Math.abs(((a - b + 540) % 360) - 180);
  expect(labels.map(({ text }) => text).sort()).toEqual(['0°', '180°', '270°', '90°']);
  for (const { text, angle } of labels) expect(between(angle, Number.parseInt(text!, 10))).toBeLessThan(3);
  for (const [i, points] of nets.entries()) {
    expect(points).toHaveLength(24);
    for (const [at, { angle, out }] of points.entries()) {
      if (out > 10) expect(between(angle, 360 - 15 * at)).toBeLessThan(6);
    }
    const [, low, high] = /confidence in it (\d+)\s%\sto (\d+)\s%/.exec(
      (await steady(page).nth(i).textContent())!,
    )!;
    const confidences = points.map(({ out }) => (100 * out) / radius);
    expect(Math.abs(Math.min(...confidences) - Number(low))).toBeLessThan(2);
    expect(Math.abs(Math.max(...confidences) - Number(high))).toBeLessThan(2);
  }
}

const tile = async (name: string, seed: number) => ({
  name,
  mimeType: 'image/png',
  buffer: Buffer.from(await png(picture(64, 64, seed))),
});

async function choose(page: Page, files: Parameters<Chooser['setFiles']>[0]): Promise<void> {
  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose pictures' }).press('Enter');
  await (await choosing).setFiles(files);
}
type Chooser = import('@playwright/test').FileChooser;

const drop = (page: Page, file: string) => dropFile(page, page.getByTestId('strip'), file);

test('a sample is turned by keys, buttons and pointer; the equivariant network says the same at right angles', async ({
  page,
}) => {
  await openRotate(page);
  await expect(strip(page)).toHaveAttribute('title', /^Highway/);
  await expect(steady(page).first()).toContainText('at 4 of 4 right angles', SLOW);
  const upright = await says(page).first().textContent();

  await dial(page).focus();
  for (const [key, angle] of [
    ['ArrowUp', 1],
    ['PageUp', 16],
    ['Shift+ArrowUp', 90],
    ['ArrowDown', 89],
    ['Shift+ArrowDown', 0],
    ['ArrowDown', 359],
    ['End', 180],
    ['Home', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expect(dial(page)).toHaveAttribute('aria-valuenow', String(angle));
  }
  for (const degrees of [90, 180, 270]) {
    await page.getByRole('button', { name: `${degrees}°`, exact: true }).click();
    await expect(dial(page)).toHaveAttribute('aria-valuenow', String(degrees));
    await expect(page.getByTestId('field-sentence')).toContainText(`by ${degrees}°`, SLOW);
    await expect(page.getByTestId('field-sentence')).toContainText('turns in step');
    await expect(says(page).first()).toHaveText(upright!);
  }

  // A quarter of the ring, from the top to the left: the ring follows the pointer and stops at right angles.
  await dial(page).press('Home');
  await expect(dial(page)).toHaveAttribute('aria-valuenow', '0');
  await expect(page.getByTestId('field-sentence')).toContainText('Turn the tile', SLOW);
  await dial(page).hover();
  const { x, y, width } = (await dial(page).boundingBox())!;
  const half = width / 2;
  await page.mouse.move(x + half, y + 0.035 * width);
  await page.mouse.down();
  await page.mouse.move(x + half - 0.33 * width, y + half - 0.33 * width, { steps: 5 });
  await expect(dial(page)).toHaveAttribute('aria-valuenow', '45');
  await expect(page.getByTestId('turn-note')).toContainText('mirrored at its border');
  await page.mouse.move(x + 0.035 * width, y + half - 4, { steps: 5 });
  await page.mouse.up();
  await expect(dial(page)).toHaveAttribute('aria-valuenow', '90');
  await expect(page).toHaveURL(/rotate\.angle=90/);

  // All 24 angles, in the background.
  await expect(steady(page).first()).toContainText('of all 24 angles', SLOW);
  await polarStands(page);
  await page.reload();
  await expect(says(page)).toHaveCount(2, SLOW);
  await expect(dial(page)).toHaveAttribute('aria-valuenow', '90');
});

test('the orbit of a filter turns with the tile, by key, hand and touch; a torn petal’s seat does not', async ({
  page,
  browser,
  baseURL,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openRotate(page);
  const orbit = page.getByTestId('orbit');
  const said = page.getByTestId('orbit-says');
  const error = page.getByTestId('orbit-error');
  const grip = page.getByRole('slider', { name: 'Turn of the tile' });
  await expect(orbit).toBeVisible(SLOW);
  await expect(said).toContainText('looking in 4 directions');
  await expect(error).not.toHaveAttribute('data-broken');

  await grip.focus();
  await page.keyboard.press('ArrowUp');
  // One dial turns both.
  await expect(dial(page)).toHaveAttribute('aria-valuenow', '90');
  await expect(said).toContainText('changed seats, exactly');
  await expect(page.getByTestId('orbit-pooled')).toContainText('the same map as upright, only turned');
  await page.keyboard.press('Home');
  await expect(orbit).toHaveAttribute('data-element', '0');

  // Round the middle by half a turn, and a little more: it comes to rest at the nearest.
  await grip.scrollIntoViewIfNeeded();
  const { x, y, width } = (await grip.boundingBox())!;
  const [centre, reach] = [{ x: x + width / 2, y: y + width / 2 }, 0.35 * width];
  await page.mouse.move(centre.x, centre.y - reach);
  await page.mouse.down();
  for (const degrees of [45, 90, 135, 190]) {
    const angle = (degrees * Math.PI) / 180;
    await page.mouse.move(centre.x - reach * Math.sin(angle), centre.y - reach * Math.cos(angle), {
      steps: 3,
    });
  }
  await expect(said).toContainText('C4 has no such turn');
  await page.mouse.up();
  await expect(orbit).toHaveAttribute('data-element', '2');

  await page.getByRole('button', { name: /^Filter 1, as it was learned/ }).click();
  await expect(error).toHaveAttribute('data-broken', 'true', SLOW);
  const changed = orbit.locator('[data-testid=orbit-answer][data-other]');
  await expect(said).toContainText((await changed.count()) > 0 ? 'the answer flips' : 'holds');
  await expect(page.getByTestId('orbit-pooled')).toContainText('no longer the same map');
  expect(await violations(page)).toEqual([]);
  // The link carries it.
  await expect(page).toHaveURL(/rotate\.angle=180.*rotate\.torn=0/);
  const other = page.getByRole('combobox', { name: 'Filter of the first layer' });
  await other.selectOption('1');
  await expect(page).toHaveURL(/rotate\.filter=2&rotate\.torn=0/);
  await page.reload();
  await expect(error).toHaveAttribute('data-broken', 'true', SLOW);
  await expect(other).toHaveValue('1');
  await expect(page.getByRole('button', { name: 'Put the petal back' })).toBeVisible();
  // Back and Forward between views leave it as it was.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Paper' }).click();
  await page.goBack();
  await expect(orbit).toHaveAttribute('data-element', '2', SLOW);
  await expect(other).toHaveValue('1');
  await expect(error).toHaveAttribute('data-broken', 'true', SLOW);
  // All of them: the field is gone as a whole, and nothing is broken.
  for (const n of [2, 3, 4])
    await page.getByRole('button', { name: new RegExp(`^Filter ${n}, turned by .+ tear it off$`) }).click();
  await expect(error).not.toHaveAttribute('data-broken', SLOW);
  await expect(said).toContainText('nothing is broken by it');
  await page.getByRole('button', { name: 'Put them back' }).click();
  await expect(said).toContainText('changed seats, exactly', SLOW);

  const card = page.getByRole('region', { name: 'The orbit of one filter' });
  const network = page.getByRole('combobox', { name: 'Network', exact: true });
  const plain = (await network.locator('option').allTextContents()).find((title) => /plain/i.test(title))!;
  await network.selectOption({ label: plain });
  await expect(card).toContainText('is a plain network');

  // A tap makes a step.
  const phone = await browser.newPage({
    ...{ baseURL, hasTouch: true, isMobile: true, reducedMotion: 'reduce' },
    viewport: { width: 390, height: 844 },
  });
  await openRotate(phone);
  const middle = phone.getByRole('slider', { name: 'Turn of the tile' });
  await middle.tap(SLOW);
  await expect(phone.getByTestId('orbit')).toHaveAttribute('data-element', '1');
  await phone.getByRole('button', { name: /^Filter 2, turned by 90°: tear it off$/ }).tap();
  await expect(phone.getByTestId('orbit-error')).toHaveAttribute('data-broken', 'true', SLOW);
  await phone.close();
});

test('pictures are chosen, pasted, dropped as a folder and as a zip; bad ones get a sentence each', async ({
  page,
}) => {
  await openRotate(page);
  await choose(page, [
    await tile('one.png', 1),
    { ...(await tile('bad.png', 2)), buffer: Buffer.from('just text') },
  ]);
  await expect(strip(page)).toHaveAttribute('title', 'one.png, 64×64');
  await expect(page.getByRole('alert').filter({ hasText: 'bad.png' })).toContainText(
    'bad.png is no JPEG, PNG, WebP or TIFF picture',
  );
  await expect(page.getByTestId('part-sentence')).toContainText('All 64×64 pixels, averaged to 8×8', SLOW);

  const bytes = [...(await png(picture(70, 50, 3)))];
  await page.evaluate((content) => {
    const clipboard = new DataTransfer();
    clipboard.items.add(new File([new Uint8Array(content)], 'pasted.png', { type: 'image/png' }));
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }),
    );
  }, bytes);
  await expect(strip(page)).toHaveAttribute('title', 'pasted.png, 70×50');
  // Smaller than a cell: it can only be scaled.
  await expect(page.getByTestId('part-sentence')).toContainText('The middle 50×50 of 70×50 pixels', SLOW);

  const zip = await zipOf([
    ['in/c.png', await png(picture(64, 64, 6))],
    ['in/cut.png', (await png(picture(64, 64, 7))).subarray(0, 300)],
  ]);
  const file = { name: 'few.zip', mimeType: 'application/zip', buffer: Buffer.from(await zip.arrayBuffer()) };
  await choose(page, file);
  await expect(strip(page)).toHaveAttribute('title', 'in/c.png, 64×64');
  await expect(page.getByRole('alert').filter({ hasText: 'in/cut.png' })).toContainText(
    'truncated or damaged',
  );

  const folder = test.info().outputPath('land');
  for (const [label, name] of ['Forest', 'River'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (const n of [1, 2, 3])
      await writeFile(path.join(folder, name, `${n}.png`), await png(picture(64, 64, 10 * label + n)));
  }
  await drop(page, folder);
  await expect(strip(page)).toHaveAttribute('title', /land\/Forest\/1.png, 64×64/);
  await expect(page.getByTestId('strip').getByText('c.png')).toBeVisible();

  // Folders that are classes become a data set, and its tiles come back here from there.
  await page.getByRole('button', { name: 'Keep it under Data' }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'land', exact: true })).toBeVisible(SLOW);
  await expect(page.getByTestId('split-table').locator('tfoot tr')).toHaveText('All classes2226');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rotate' }).click();
  await page.getByRole('combobox', { name: 'Tiles of a kept data set' }).selectOption('land');
  await expect(strip(page)).toHaveAttribute('title', /Forest.*, 64×64/);
  // The networks of this test tell other classes apart.
  await expect(page.getByText(/^Trained on other classes .+ can be trained on land\.$/)).toHaveCount(2, SLOW);
});

test('networks pruned and rounded in this browser answer beside the plain one, the same at all four turns', async ({
  page,
}) => {
  await page.goto(`?backend=wasm#view=pipeline&model=tiny&rotate.nets=synthetic-tiny-plain`);
  await page.locator('input[type=file]').setInputFiles({
    name: 'kept.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(KEPT)),
  });
  await page.getByRole('button', { name: 'Run the recipe' }).click(SLOW);
  const last = page.getByTestId('stage').last();
  await expect(last).toHaveAttribute('data-state', 'done', { timeout: 240_000 });

  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rotate' }).click();
  await expect(says(page)).toHaveCount(1, SLOW);
  for (const label of ['kept 1', 'kept 1, pruned', 'kept 1, INT8']) {
    await page.getByRole('combobox', { name: 'Add a network' }).selectOption({ label });
  }
  await expect(says(page)).toHaveCount(4, SLOW);
  // Four are the most.
  await expect(page.getByRole('combobox', { name: 'Add a network' })).toHaveCount(0);
  const minds = [1, 2, 3].map((place) => steady(page).nth(place));
  for (const mind of minds) await expect(mind).toContainText('at 4 of 4 right angles', SLOW);

  const answers = async () => (await says(page).locator('strong').allTextContents()).slice(1);
  const upright = await answers();
  for (const degrees of [90, 180, 270]) {
    await page.getByRole('button', { name: `${degrees}°`, exact: true }).click();
    await expect(page.getByTestId('field-sentence')).toContainText(`by ${degrees}°`, SLOW);
    expect(await answers()).toEqual(upright);
  }
  // The link names them, and they are there again.
  await expect(page).toHaveURL(/rotate\.nets=synthetic-tiny-plain(,|%2C)run/);
  await page.reload();
  await expect(says(page)).toHaveCount(4, SLOW);
  await expect(page.getByRole('combobox', { name: 'Network 3' })).toHaveValue(/:prune l2 mean 50%$/);
});

test('a GeoTIFF scene is mapped, turned, pointed at and saved where it lies', async ({ page }) => {
  const value = (x: number, y: number, band: number) => ((x >> 4) * 37 + (y >> 4) * 53 + band * 71 + x) % 256;
  const tiff = tiffOf({ width: 200, height: 130, bands: 3, compression: 8, fields: GEO }, value);
  await openRotate(page);
  await choose(page, { name: 'scene.tif', mimeType: 'image/tiff', buffer: Buffer.from(tiff) });
  await expect(page.getByTestId('scene-sentence')).toContainText('3×2 cells of 64×64 pixels', SLOW);
  await expect(page.getByTestId('scene-sentence')).toContainText('EPSG:32633');
  const minds = page.getByTestId('mind');
  await expect(minds.first()).toContainText('The same map at all four turns', SLOW);
  await expect(minds.last()).toContainText('cell', SLOW);
  await expect(page.getByTestId('shares').locator('tbody tr')).not.toHaveCount(0);

  const map = page.getByRole('slider', { name: /^Cell of the map/ }).first();
  await page.getByRole('radiogroup', { name: 'Turn of the scene' }).getByText('90°').click();
  await expect(page.getByTestId('shares')).toContainText('at 90°');
  // Turned by 90° it is 2 across and 3 down, and its first cell lies at the bottom left.
  const box = (await map.boundingBox())!;
  expect(box.height).toBeGreaterThan(box.width);
  await map.hover({ position: { x: 0.25 * box.width, y: 0.8 * box.height } });
  await expect(map).toHaveAttribute('aria-valuetext', /^Column 1, row 1: /);
  await map.press('ArrowUp');
  await expect(map).toHaveAttribute('aria-valuetext', /^Column 2, row 1: /);
  await map.press('Enter');
  await expect(page).toHaveURL(/rotate\.part=1(&|$)/);
  await expect(page.getByTestId('part-sentence')).toContainText('64×64 pixels from column 68, row 1', SLOW);

  const saved = async (item: string | RegExp) => {
    await page
      .getByRole('button', { name: /^Save: map by/ })
      .first()
      .press('Enter');
    const coming = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    const download = await coming;
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };
  const json = await saved(/GeoJSON/);
  const { crs, features } = JSON.parse(json.bytes.toString());
  expect(crs.properties.name).toBe('urn:ogc:def:crs:EPSG::32633');
  expect(features).toHaveLength(6);
  // A margin of 4 and 1 pixels, at 10 m each.
  expect(features[0].geometry.coordinates[0][0]).toEqual([500_040, 5_399_990]);
  // The map with its category table and its style, in a zip.
  const tif = await saved(/GeoTIFF/);
  expect([...tif.bytes.subarray(0, 4)]).toEqual([0x50, 0x4b, 3, 4]);
  for (const ending of ['.tif', '.tif.aux.xml', '.qml'])
    expect(tif.bytes.toString('latin1')).toContain(ending);
  expect((await saved(/PNG/)).name).toMatch(/^orbit-lab-map-scene\.tif-.*\.png$/);
});

test('mapping a scene is cancelled and gone on with', async ({ page }) => {
  await page.goto(`#view=data&model=tiny`);
  await page.waitForFunction(() => window.__orbitLab !== undefined);
  await hold(page, { after: 'map', from: 3 });
  await page.goto(`#view=rotate&model=tiny&rotate.sample=scene&${NETS}`);
  await page.getByRole('button', { name: 'Cancel' }).click(SLOW);
  await expect(page.getByText('Cancelled; the maps that were finished are here.')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: 'Progress of mapping the scene' })).toHaveCount(0);
  await hold(page, null);
  await page.getByRole('button', { name: 'Go on' }).click();
  const [equivariant, plain] = [page.getByTestId('mind').first(), page.getByTestId('mind').last()];
  await expect(equivariant).toContainText('The same map at all four turns', { timeout: 120_000 });
  await expect(plain).toContainText(/Changed its mind on [1-9]/, { timeout: 120_000 });
});

test('an engine that dies is started again, and what was on the page stays', async ({ page }) => {
  await page.goto(`#view=prune&${NETS}`);
  await expect(page.getByRole('slider', { name: 'Hidden neurons removed' })).toBeVisible(SLOW);
  const starting = page.waitForEvent('worker');
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Rotate' }).click();
  const worker = await starting;
  await expect(says(page)).toHaveCount(2, SLOW);
  void worker.evaluate(() => self.close()).catch(() => {});
  await expect(page.getByText('was started again. Nothing of yours was lost')).toBeVisible(SLOW);
  await page.getByRole('button', { name: '270°', exact: true }).click();
  await expect(page.getByTestId('field-sentence')).toContainText('by 270°', SLOW);
});

/** Leaves the trained network, a pruned one, and one in integers made of that. */
const KEPT = tinyRecipe('kept', { train: 0.1, val: 0.1, test: 0.8 }, [
  { kind: 'train', settings: { epochs: 2, batch: 16, learningRate: 0.01 } },
  { kind: 'prune', ratio: 0.5, compensation: 'mean' },
  { kind: 'quantise', range: 'batch' },
]);

/** Ten metres a pixel in UTM zone 33 north. */
const GEO = [
  { tag: 33550, type: 'double', values: [10, 10, 0] },
  { tag: 33922, type: 'double', values: [0, 0, 0, 500_000, 5_400_000, 0] },
  { tag: 34735, type: 'short', values: [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 32633] },
] as const;
