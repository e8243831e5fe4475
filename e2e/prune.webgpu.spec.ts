/** The same page on WebGPU, emulated in software, with a tiny network. */
import { expect, test } from './fixtures';
import { facts, finetuning, openLab, press, slider } from './lab';

test.setTimeout(300_000);

test('prunes and fine-tunes on WebGPU, on the adapter it names', async ({ page }) => {
  await openLab(page, '?backend=webgpu#model=tiny');
  const report = await page.evaluate(() => window.__orbitLab.lab().backend!);
  expect(report.backend).toBe('webgpu');
  expect(report.software).toBe(true);
  expect(report.adapter.toLowerCase()).toContain('swiftshader');
  await expect(page.getByTestId('backend')).toContainText('WebGPU');

  await slider(page).focus();
  await press(page, 'End');
  const { main } = await facts(page);
  expect(main.changed).toBe(0);
  if (main.baseline - main.accuracy > 0.02) {
    await expect.poll(async () => (await finetuning(page))?.status, { timeout: 240_000 }).toBe('done');
    const tuned = await finetuning(page);
    expect(tuned?.status === 'done' && tuned.result.changed).toBe(0);
  } else await expect(page.getByTestId('decision')).toContainText('no fine-tuning needed');
  await page.keyboard.press('Control+z');
  expect((await facts(page)).setting.removed).toBe(0);
});
