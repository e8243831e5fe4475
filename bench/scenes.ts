/**
 * Class maps of published scenes at four turns, by the code of the Rotate view: whether they are identical, how long they
 * take, how much memory, and how often they are right where that is known. Needs `../shared/data`.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startNodeBackend } from '../cli/node/backend';
import { openDataset } from '../cli/node/data';
import { openModel } from '../cli/node/models';
import { picturesAt } from '../cli/node/pictures';
import { columns, percent } from '../cli/node/table';
import type { Dataset, SplitName } from '../src/lab/data/dataset';
import { SPLIT_NAMES } from '../src/lab/data/split/splits';
import { BadInput } from '../src/lab/errors';
import type { GcnnModel } from '../src/lab/families/gcnn/model';
import type { Picture } from '../src/lab/pictures/picture';
import { prepare } from '../src/lab/recipe/prepare';
import { recipeSchema } from '../src/lab/recipe/schema';
import { mapAtQuarterTurns, type TurnedMaps } from '../src/lab/scenes/classMap';
import { finish } from '../src/lab/stage/events';
import type { Say } from './format';

const shared = path.resolve(import.meta.dirname, '../../shared/data');
export const scenePath = (file: string): string => path.join(shared, file);
const MODELS = [
  'eurosat-c4-twin-small',
  'eurosat-base-small',
  'eurosat-c4-twin',
  'eurosat-base',
  'eurosat-c4',
];
export const SCENE = 'scenes/sentinelhub-py/img.jpg';
const HEADINGS = [
  'cells',
  'changed',
  'undecided',
  'gap',
  'seconds',
  'on a processor',
  'tiles/s',
  'peak MiB',
  'right, not trained on',
  'right, test split',
];

export async function scenes(say: Say): Promise<void> {
  if (!existsSync(shared)) {
    say(['scenes: left out, ../shared/data is absent']);
    return;
  }
  await startNodeBackend();
  const subset = await openDataset(path.join(shared, 'eurosat'));
  const tiles = await tilesOfMosaics();
  const began = performance.now();
  const large = await pictureAt(SCENE);
  const decoding = ((performance.now() - began) / 1000).toFixed(1);
  say([
    `${SCENE}, ${large.width}×${large.height}: decoded in ${decoding} s.`,
    'changed: cells whose answer differs at some turn, of those decided at all four; gap: the greatest difference of a',
    'cell’s probability between two turns; peak: resident memory of this whole process, read after each batch of cells.',
    `Before any map: ${mebibytes(process.memoryUsage.rss())} MiB.`,
  ]);

  // Said one by one: the larger networks take minutes.
  for (const id of MODELS) {
    const model = await openModel(id);
    const mosaics = await mapMosaics(model, partsOf(model, subset), tiles);
    const one = await timed(model, large, SCENE);
    const { val, test } = mosaics.judged;
    const outside = { right: val.right + test.right, of: val.of + test.of };
    say(
      columns([
        [`${id}, at four turns`, ...HEADINGS],
        ['10 mosaics', ...figures(mosaics.runs), share(outside), share(test)],
        [`${large.width}×${large.height}`, ...figures([one]), '', ''],
      ]),
    );
    const { train } = mosaics.judged;
    say([
      `Not judged: ${train.of} cells of tiles it was trained on, ${mosaics.unknown} that no list names a tile of.`,
    ]);
  }
}

/** What one scene at four turns gave, and took. */
interface Run {
  readonly maps: TurnedMaps;
  readonly milliseconds: number;
  /** Of that, on a processor: on a busy machine it waits for one in between. In microseconds. */
  readonly cpu: number;
  /** The most the process held after a batch, in bytes. */
  readonly peak: number;
}

async function timed(model: GcnnModel, picture: Picture, name: string): Promise<Run> {
  const began = performance.now();
  const used = process.cpuUsage();
  let peak = 0;
  const maps = await finish(mapAtQuarterTurns(model, picture, name), () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  });
  const { user, system } = process.cpuUsage(used);
  return { maps, milliseconds: performance.now() - began, cpu: user + system, peak };
}

type Judged = Record<SplitName, { right: number; of: number }>;

/** The ten mosaics of one class each, judged cell by cell where it is known what part of the data a cell shows. */
async function mapMosaics(
  model: GcnnModel,
  parts: ReadonlyMap<string, SplitName>,
  tiles: ReadonlyMap<string, string>,
): Promise<{ runs: Run[]; judged: Judged; unknown: number }> {
  const runs: Run[] = [];
  const judged: Judged = { train: { right: 0, of: 0 }, val: { right: 0, of: 0 }, test: { right: 0, of: 0 } };
  let unknown = 0;
  for (const [label, name] of model.classes.entries()) {
    const mosaic = `canvas_${name}_10x10.jpg`;
    const run = await timed(model, await pictureAt(`scenes/eurosat-mosaics/${mosaic}`), mosaic);
    runs.push(run);
    run.maps.upright.answers.forEach((answer, cell) => {
      const part = parts.get(tiles.get(`${mosaic} ${cell}`) ?? '');
      if (!part) {
        unknown++;
        return;
      }
      judged[part].of++;
      if (answer === label) judged[part].right++;
    });
  }
  return { runs, judged, unknown };
}

/** The part of the data each tile was in when this network was trained, by its key: as its own recipe says. */
function partsOf(model: GcnnModel, subset: Dataset): Map<string, SplitName> {
  const { splits } = prepare(recipeSchema.parse(model.provenance.recipe), subset);
  return new Map(
    SPLIT_NAMES.flatMap((part) => [...splits[part]].map((i) => [subset.keys[i], part] as const)),
  );
}

/** `mosaic cell` → the key of the tile of the subset that was cut from there, as the subset's list says. */
async function tilesOfMosaics(): Promise<Map<string, string>> {
  const [, ...lines] = (await readFile(path.join(shared, 'eurosat/MANIFEST.csv'), 'utf8')).trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [key, , , , , mosaic, cell] = line.split(',');
      return [`${mosaic} ${Number(cell)}`, key] as const;
    }),
  );
}

async function pictureAt(file: string): Promise<Picture> {
  for await (const taken of picturesAt(scenePath(file))) {
    if ('problem' in taken) throw new BadInput(taken.problem);
    return taken.picture;
  }
  throw new BadInput(`${file} is empty.`);
}

function figures(runs: readonly Run[]): string[] {
  const total = (of: (run: Run) => number) => runs.reduce((sum, run) => sum + of(run), 0);
  const most = (of: (run: Run) => number) => Math.max(...runs.map(of));
  const cells = total(({ maps }) => maps.upright.answers.length);
  const seconds = total(({ milliseconds }) => milliseconds) / 1000;
  return [
    String(cells),
    String(total(({ maps }) => maps.changed)),
    String(total(({ maps }) => maps.undecided)),
    most(({ maps }) => maps.probabilityGap).toExponential(1),
    seconds.toFixed(1),
    (total(({ cpu }) => cpu) / 1e6).toFixed(1),
    ((4 * cells) / seconds).toFixed(0),
    mebibytes(most(({ peak }) => peak)),
  ];
}

export const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const share = ({ right, of }: { right: number; of: number }): string => `${percent(right / of)} of ${of}`;
