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

/** What stands on the first level of each view and is a term of the field. */
const FIRST_LEVEL = {
  Prune: [
    ...['What it answers', 'hidden neurons', 'Validation accuracy, %', 'minds changed', 'Recovery'],
    ...['Seed', 'group C4', 'Method', 'Compensation', 'Scope', 'Agreement', 'Equivariance error'],
  ],
  Rotate: [
    'C4',
    'Confidence',
    'What is an orbit?',
    'Field norm',
    'Group pooling',
    'Equivariance error',
    'field',
  ],
  Fields: [
    ...['What goes', 'Lowest first by', 'Compensation', 'Share of', 'Equivariance meter', 'field'],
    ...['saliency', 'Scope', 'What is an orbit?'],
  ],
  Train: ['Data set', 'Architecture', 'Group', 'Head', 'Input, px', 'Epochs', 'Seed', 'Multiply-adds'],
} as const;

test('every term of the first level is explained where it stands, by keyboard and by touch', async ({
  browser,
  baseURL,
}) => {
  const page = await browser.newPage({ baseURL, hasTouch: true, reducedMotion: 'reduce' });
  await openLab(page, `${TINY}&rotate.nets=synthetic-tiny`);
  const tip = page.getByRole('tooltip');
  for (const [view, terms] of Object.entries(FIRST_LEVEL)) {
    // By the keyboard: what is focused after a click is not shown as focused, and says nothing.
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).press('Enter');
    for (const name of terms) {
      await test.step(`${view}: ${name}`, async () => {
        const term = page.locator('#main').getByRole('button', { name, exact: true }).first();
        await expect(term).toBeVisible({ timeout: 60_000 });
        // The explanation before is still going while the next one comes.
        await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
        await expect(tip).toHaveCount(0);
        await term.focus();
        await expect(tip).toBeVisible();
        const said = (await tip.textContent())!;
        expect(said.length).toBeGreaterThan(30);
        // Whoever hears the page hears the same.
        await expect(term).toHaveAccessibleDescription(said.replace(' Press for the glossary.', ''));
      });
    }
  }
  // Where the terms are choices, what is chosen is explained in words that stay.
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: 'Prune' }).click();
  const chosen = page.getByTestId('chosen-way');
  const words = new Set<string>();
  await expect(page.getByRole('radio', { name: 'Method: Random' })).toBeEnabled();
  for (const method of await page.getByRole('radio', { name: /^Method: / }).all()) {
    await method.tap();
    words.add((await chosen.textContent())!);
  }
  expect(words.size).toBe(6);
  await page.getByRole('radio', { name: 'Compensation: Ridge' }).tap();
  await expect(chosen).toContainText('Ridge: each removed neuron is replaced by what the kept ones predict');
  // A finger opens the entry.
  await page.getByRole('button', { name: 'Compensation', exact: true }).tap();
  const drawer = page.getByRole('dialog', { name: 'Glossary' });
  await expect(drawer.getByRole('heading', { name: 'Compensation', exact: true })).toBeInViewport();
  await page.close();
});
