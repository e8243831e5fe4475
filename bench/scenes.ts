/**
 * Class maps of published scenes at four turns: whether they are identical, how long they take, and how often they are
 * right where that is known. Needs `../shared/data`.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startNodeBackend } from '../cli/backend';
import { openDataset } from '../cli/data';
import { openModel } from '../cli/models';
import { picturesAt } from '../cli/pictures';
import { columns, percent } from '../cli/work';
import type { Picture } from '../src/lab/data/decode';
import { DEFAULT_FRACTIONS, stratifiedSplit } from '../src/lab/data/splits';
import { finish } from '../src/lab/events';
import type { Model } from '../src/lab/nn/model';
import { type TurnedMaps, turnedMaps } from '../src/lab/pictures/classMap';
import type { Say } from './main';

const shared = path.resolve(import.meta.dirname, '../../shared/data');
const MODELS = ['eurosat-c4-twin-small', 'eurosat-base-small', 'eurosat-c4-twin', 'eurosat-base'];
const SCENE = 'scenes/sentinelhub-py/img.jpg';
const HEADINGS = ['cells', 'changed', 'undecided', 'gap', 'seconds', 'tiles/s', 'right, untrained cells'];
/** Networks shipped were trained on this split of the subset. */
const SPLIT_SEED = 1;

export async function scenes(say: Say): Promise<void> {
  if (!existsSync(shared)) {
    say(['scenes: left out, ../shared/data is absent']);
    return;
  }
  await startNodeBackend();
  const seen = await trainingCells();
  const began = performance.now();
  const large = await pictureAt(SCENE);
  say([`${SCENE}, ${large.width}×${large.height}: decoded in ${seconds(performance.now() - began)}`]);

  // Said one by one: the larger networks take minutes.
  for (const id of MODELS) {
    const model = await openModel(id);
    const all = await sumOver(model, seen);
    const one = sum([await timed(model, large, SCENE)]);
    say(
      columns([
        [`${id}, at four turns`, ...HEADINGS],
        ['10 mosaics', ...figures(all), `${percent(all.correct / all.judged)} of ${all.judged}`],
        [`${large.width}×${large.height}`, ...figures(one), ''],
      ]),
    );
  }
  say([`peak memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`]);
}

interface Sum {
  readonly cells: number;
  readonly changed: number;
  readonly undecided: number;
  /** The greatest difference of a cell's probability between two turns. */
  readonly gap: number;
  readonly milliseconds: number;
}

async function timed(model: Model, picture: Picture, name: string) {
  const began = performance.now();
  const maps = await finish(turnedMaps(model, picture, name));
  return { maps, milliseconds: performance.now() - began };
}

function sum(runs: readonly { maps: TurnedMaps; milliseconds: number }[]): Sum {
  const total = (of: (maps: TurnedMaps) => number) => runs.reduce((all, { maps }) => all + of(maps), 0);
  return {
    cells: total(({ upright }) => upright.answers.length),
    changed: total(({ changed }) => changed),
    undecided: total(({ undecided }) => undecided),
    gap: Math.max(...runs.map(({ maps }) => maps.probabilityGap)),
    milliseconds: runs.reduce((all, { milliseconds }) => all + milliseconds, 0),
  };
}

/** The ten mosaics of one class each; right or wrong is counted on cells that were not trained on. */
async function sumOver(model: Model, seen: ReadonlySet<string>) {
  const runs: { maps: TurnedMaps; milliseconds: number }[] = [];
  let [correct, judged] = [0, 0];
  for (const [label, name] of model.classes.entries()) {
    const mosaic = `canvas_${name}_10x10.jpg`;
    const run = await timed(model, await pictureAt(`scenes/eurosat-mosaics/${mosaic}`), mosaic);
    runs.push(run);
    run.maps.upright.answers.forEach((answer, cell) => {
      if (seen.has(`${mosaic} ${cell}`)) return;
      judged++;
      if (answer === label) correct++;
    });
  }
  return { ...sum(runs), correct, judged };
}

/** `mosaic index` of every tile of the training split, by the list of where the subset was cut from. */
async function trainingCells(): Promise<Set<string>> {
  const dataset = await openDataset(path.join(shared, 'eurosat'));
  const { train } = stratifiedSplit(dataset, DEFAULT_FRACTIONS, SPLIT_SEED);
  const keys = new Set(Array.from(train, (i) => dataset.keys[i]));
  const [, ...lines] = (await readFile(path.join(shared, 'eurosat/MANIFEST.csv'), 'utf8')).trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  const trained = cells.filter(([key]) => keys.has(key));
  if (trained.length !== train.length) throw new Error('MANIFEST.csv does not list every tile of the subset');
  return new Set(trained.map(([, , , , , mosaic, index]) => `${mosaic} ${Number(index)}`));
}

async function pictureAt(file: string): Promise<Picture> {
  for await (const taken of picturesAt(path.join(shared, file))) {
    if ('problem' in taken) throw new Error(taken.problem);
    return taken.picture;
  }
  throw new Error(`${file} is empty`);
}

function figures({ cells, changed, undecided, gap, milliseconds }: Sum): string[] {
  const perSecond = (4 * cells * 1000) / milliseconds;
  return [
    String(cells),
    String(changed),
    String(undecided),
    gap.toExponential(1),
    (milliseconds / 1000).toFixed(1),
    perSecond.toFixed(0),
  ];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
