/** The glossary: from an explanation to its entry by the keyboard alone, on to another, and back; and from the page's menu. */
import { expect, test } from './fixtures';
import { openLab, TINY } from './lab';

test('an explanation leads to its entry and back', async ({ page, baseURL }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  await openLab(page, TINY);
  const address = page.url();
  const explained = page.getByRole('button', { name: 'Agreement', exact: true });
  await expect(explained).toHaveAttribute('aria-haspopup', 'dialog');
  await explained.focus();
  await expect(page.getByRole('tooltip')).toContainText('Press for the glossary.');
  await page.keyboard.press('Enter');

  const drawer = page.getByRole('dialog', { name: 'Glossary' });
  const entry = drawer.getByRole('heading', { name: 'Agreement', exact: true });
  await expect(entry).toBeFocused();
  await expect(entry).toBeInViewport();
  // What the page said of it there, with its tiles.
  await expect(drawer).toContainText(/Share of the \d+\svalidation tiles \(split seed 1\)/);

  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(explained).toBeFocused();
  // The address is that of the experiment, whatever was read.
  expect(page.url()).toBe(address);
  expect(new Set(asked.filter((origin) => origin !== 'null'))).toEqual(new Set([new URL(baseURL!).origin]));
});

test('the menu of the page opens it from its beginning', async ({ page }) => {
  await openLab(page, TINY);
  await page.getByRole('button', { name: 'Page menu' }).click();
  await page.getByRole('menuitem', { name: 'Glossary' }).click();
  const drawer = page.getByRole('dialog', { name: 'Glossary' });
  await expect(drawer.getByRole('heading', { name: 'Symmetry' })).toBeInViewport();
  await drawer.getByRole('button', { name: 'Close the glossary' }).click();
  await expect(drawer).toBeHidden();
});
