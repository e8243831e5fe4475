/**
 * `npm run soak -- --minutes 30`: one page used over and over, as somebody does who leaves it open for a day, and what it
 * holds meanwhile. Every cycle undoes what it did, so nothing may creep: after the first ten minutes, when caches are full
 * and all code has run, each figure stays within 5 %, or the soak fails. A shorter one prints figures and judges nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { columns } from '../../cli/node/table';
import { findChromium, quiet } from '../../scripts/chromium.mjs';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { serveSite } from '../site';
import { creepOf, type Reading } from './creep';
import { opened, START, STEPS, soakFiles } from './cycle';
import { FIGURE_NAMES, type Figures, Looker } from './figures';

const MINUTE = 60_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    every: { type: 'string', default: '1' },
    /** Only steps whose name has one of these in it: where something creeps, which is it? */
    only: { type: 'string', default: '' },
  },
});
const [minutes, every] = [Number(values.minutes), Number(values.every)];
const steps = Object.entries(STEPS).filter(([name]) =>
  values.only.split(',').some((part) => name.includes(part)),
);
const executablePath = findChromium();
if (!(minutes > 0 && every > 0) || steps.length === 0 || !executablePath) {
  const names = Object.keys(STEPS).join('", "');
  console.error(
    executablePath
      ? `Usage: npm run soak -- --minutes 30 --every 1 --only part,part. The first two are minutes, and a part is of "${names}".`
      : 'The soak needs a Chromium: name one in LAB_CHROMIUM.',
  );
  process.exit(2);
}

/** Whether nothing crept. */
async function soak(): Promise<boolean> {
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => console.error(`uncaught error: ${error.message}`));
  await page.goto(site.url + START);
  await opened(page);
  const looker = await Looker.at(page, context);
  const files = await soakFiles();
  const readings: Reading[] = [];
  const began = performance.now();
  const passed = () => (performance.now() - began) / MINUTE;
  const look = async (cycles: number) => {
    const reading = { minutes: passed(), cycles, figures: await looker.figures() };
    readings.push(reading);
    console.log(lineOf(reading));
  };

  console.log(['minutes', 'cycles', ...Object.values(FIGURE_NAMES)].join('  '));
  await look(0);
  for (let number = 0; passed() < minutes; number++) {
    for (const [name, step] of steps) {
      await step(page, { ...files, number }).catch((error: Error) => {
        throw new Error(`In cycle ${number + 1}, “${name}”: ${error.message}`);
      });
    }
    if (passed() >= readings.at(-1)!.minutes + every) await look(number + 1);
  }
  const middle = readings[Math.floor(readings.length / 2)];
  console.log();
  console.log(columns([headings(), ...[readings[0], middle, readings.at(-1)!].map(cellsOf)]).join('\n'));
  const creep = creepOf(readings);
  if (!creep) console.log('\nToo short to judge: what creeps shows after the first ten minutes.');
  for (const { name, from, to, isCreep } of creep ?? [])
    console.log(`${name}: ${written(name, from)} → ${written(name, to)}${isCreep ? ', which creeps' : ''}`);
  return !creep?.some(({ isCreep }) => isCreep);
}

const headings = () => ['minutes', 'cycles', ...Object.values(FIGURE_NAMES)];

const cellsOf = ({ minutes, cycles, figures }: Reading): string[] => [
  minutes.toFixed(1),
  `${cycles}`,
  ...(Object.keys(FIGURE_NAMES) as (keyof Figures)[]).map((name) => written(name, figures[name])),
];

const lineOf = (reading: Reading): string =>
  cellsOf(reading)
    .map((cell, i) => cell.padStart(headings()[i].length))
    .join('  ');

const written = (name: keyof Figures, value: number | null): string => {
  if (value === null) return 'unknown';
  return name === 'workers' || name === 'nodes' ? `${Math.round(value)}` : `${(value / 1e6).toFixed(1)} MB`;
};

ensureBuilt('testing');
// A copy: what is built meanwhile changes nothing.
const site = await serveSite('start');
const folder = await mkdtemp(path.join(tmpdir(), 'orbit-lab-soak-'));
// With a profile on disk: a private window would hold all that it keeps in memory.
const context = await chromium.launchPersistentContext(folder, { executablePath, args: quiet });
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  await context.close();
  await site.remove();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
