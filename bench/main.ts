/**
 * `npm run bench`: figures, no verdicts. Everything is measured in one run, one thing after the other, because only
 * ratios within a run mean something on a shared machine. `npm run bench -- page drag` runs those parts alone;
 * `npm run bench -- profile c4-twin` names the design that is looked at; `npm run bench -- gpu --pack FOLDER` packs that part
 * for a machine with a GPU and no network (gpu/).
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ARCH_IDS } from '../src/lab/families/gcnn/zoo';
import { backends } from './backends';
import { browserPart } from './browser';
import { curves } from './curve';
import { drag } from './drag';
import { engine } from './engine';
import { faults } from './faults';
import type { Say } from './format';
import { gpu } from './gpu/main';
import { integers } from './integers';
import { many } from './many';
import { mapping } from './mapping';
import { profile } from './profile';
import { realSize } from './realSize';
import { scenes } from './scenes';
import { sweepRates } from './sweepRates';
import { training } from './training';
import { trunk } from './trunk';
import { visit } from './visit';

const { positionals: asked, values: options } = parseArgs({
  allowPositionals: true,
  options: { pack: { type: 'string' } },
});
/** Designs that were named: what `profile` looks at. */
const designs = asked.filter((name) => (ARCH_IDS as readonly string[]).includes(name));

/** Every part, and whether it runs without being asked for. */
const PARTS: Record<string, { readonly run: (say: Say) => Promise<void>; readonly asked?: true }> = {
  engine: { run: engine },
  curve: { run: curves },
  trunk: { run: trunk },
  integers: { run: integers },
  profile: { run: profile(designs.length > 0 ? designs : ['c4-twin', 'c4', 'paper', 'base']), asked: true },
  backends: { run: browserPart(backends) },
  page: { run: browserPart(visit) },
  drag: { run: browserPart(drag) },
  training: { run: browserPart(training) },
  // Fetches Dawn, and takes minutes where the GPU is emulated.
  gpu: { run: gpu(options.pack), asked: true },
  // Trains the comparators' steps: a minute or two.
  'sweep-rates': { run: sweepRates, asked: true },
  // Maps a dozen scenes at four turns; needs ../shared.
  scenes: { run: scenes, asked: true },
  // One of them in the page.
  mapping: { run: browserPart(mapping), asked: true },
  // 27,000 tiles through the page: minutes; needs ../shared for real ones.
  'real-size': { run: browserPart(realSize), asked: true },
  // Leaves the page a hundred times: minutes.
  faults: { run: browserPart(faults), asked: true },
  // Opens 5,000 validation tiles: minutes.
  many: { run: browserPart(many), asked: true },
};

const say: Say = (lines) => console.log(`${lines.join('\n')}\n`);
const unknown = asked.filter((name) => !(name in PARTS) && !designs.includes(name));
if (unknown.length > 0) {
  console.error(
    `There is no part "${unknown.join('", "')}" of the bench. Name some of: ${Object.keys(PARTS).join(', ')}.`,
  );
  process.exit(2);
}

const load = () => `load average ${loadavg()[0].toFixed(1)}`;
say([`Orbit Lab bench: Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, ${load()}`]);
for (const [name, { run, asked: onlyAsked }] of Object.entries(PARTS)) {
  if (asked.length > 0 ? asked.includes(name) : !onlyAsked) await run(say);
}
say([load()]);
