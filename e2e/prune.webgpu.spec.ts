import { expect, test } from './fixtures';

test('the page runs on WebGPU when asked to, and says on which adapter', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto('?pair=tiny&backend=webgpu#removed=7&scope=output');
  await expect
    .poll(() => page.evaluate(() => window.__orbitLab.lab().status), { timeout: 200_000 })
    .toMatch(/ready|failed/);
  await expect(page.getByTestId('backend')).toHaveText('WebGPU');
  await page.getByTestId('backend').click();
  await expect(page.getByTestId('backend-reason')).toContainText(/Runs on .*swiftshader/i);
  await expect(page.getByTestId('backend-reason')).toContainText('emulated on the CPU, and slow');

  const { accuracy, changed } = await page.evaluate(() => {
    const { equivariant } = window.__orbitLab.study();
    const { accuracy, changed } = equivariant!.curves[0];
    return { accuracy: accuracy[0][equivariant!.units], changed: changed[equivariant!.units] };
  });
  expect(accuracy).toBeGreaterThan(0.1);
  expect(changed).toBe(0);
});
