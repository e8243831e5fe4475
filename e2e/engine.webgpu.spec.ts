/** Which engine “Automatic” takes: measured on the network at hand, and said. On a GPU emulated in software. */
import { expect, test } from './fixtures';
import { openLab, TINY } from './lab';

test.setTimeout(300_000);

test('an emulated GPU is not even measured, and the menu says why', async ({ page }) => {
  await openLab(page, TINY);
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().probe?.status), { timeout: 60_000 })
    .toBe('unmeasured');
  await page.getByTestId('backend').click();
  await expect(page.getByTestId('backend-reason')).toContainText('WASM is at hand at once');
  await expect(page.getByTestId('backend-probe')).toContainText(
    /WebGPU was not measured against it: there is only a software adapter \(.*swiftshader.*\)/i,
  );
  expect(await page.evaluate(() => window.__orbitLab.lab().backend?.backend)).toBe('wasm');
});

// Half a minute of an emulated GPU, for what src/lab/runtime/probe.test.ts and src/state/drivers/engine.test.ts hold without one.
test('measured all the same, both rates are told, WASM is taken, and the next visit remembers it', {
  tag: '@thorough',
}, async ({ page }) => {
  await openLab(page, TINY);
  const probe = await page.evaluate(() => window.__orbitLab.probe());
  if (probe.status !== 'measured') throw new Error(`not measured: ${JSON.stringify(probe)}`);
  const { wasm, webgpu } = probe.measurement.paces;
  if ('problem' in wasm || 'problem' in webgpu) throw new Error(JSON.stringify(probe.measurement.paces));
  expect(wasm.rate).toBeGreaterThan(webgpu.rate);
  expect(webgpu.adapter.toLowerCase()).toContain('swiftshader');
  expect(wasm.adapter).toContain('CPU');

  await page.getByTestId('backend').click();
  const said = page.getByTestId('backend-probe');
  await expect(said).toContainText(/Measured here, training .*: WASM [\d,.]+ tiles per second/);
  await expect(said).toContainText(/WebGPU [\d,.]+ tiles per second \(.*swiftshader.*\)/i);
  await expect(said).toContainText(/WASM is .* as fast, so “Automatic” takes WASM\./);
  // The bench went on undisturbed.
  expect(await page.evaluate(() => window.__orbitLab.lab().status)).toBe('ready');

  await page.reload();
  await openLab(page, TINY);
  await page.getByTestId('backend').click();
  await expect(page.getByTestId('backend-reason')).toContainText('WASM was measured to be the faster one');
});
