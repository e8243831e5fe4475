import path from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { answersAtTurns } from '../../src/lab/evaluate/classify';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import { CELL, FITS, type Fit, fitSquare, sampleSquare } from '../../src/lab/pictures/cut';
import { boundsOf } from '../../src/lab/pictures/georeference';
import type { Picture } from '../../src/lab/pictures/picture';
import { type ClassMap, classShares } from '../../src/lab/scenes/cells';
import { mapAtQuarterTurns, mapClasses } from '../../src/lab/scenes/classMap';
import { mapGeoJson, mapGeoTiff, mapPng } from '../../src/lab/scenes/mapFiles';
import { startNodeBackend } from '../node/backend';
import { requirePlaceFor, writeAtomically } from '../node/files';
import { openModel } from '../node/models';
import { picturesAt } from '../node/pictures';
import { runStage } from '../node/runStage';
import { columns, percent } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { type OutputOptions, oneOf, print } from '../work';

interface Options extends OutputOptions {
  turns?: boolean;
  map?: string;
  fit?: string;
}

const MAP_ENDINGS = ['.geojson', '.tif', '.png'] as const;

/** `classify <model> <pictures…>`: what a tile shows, or the class map of a scene. */
export function classify(program: Command): void {
  program
    .command('classify <model> <pictures...>')
    .description('what tiles show, and class maps of scenes: JPEG, PNG, WebP, GeoTIFF; files, folders, zips')
    .option('--turns', 'at all four quarter turns, and whether the answers agree')
    .option('--fit <how>', `one tile of each picture: ${FITS.join(' | ')} (default: a scene is mapped whole)`)
    .option('--map <file>', 'write the map of the one scene given: .geojson, .tif, .png')
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, sources: string[], options: Options) => {
      const fit = options.fit === undefined ? undefined : oneOf('fit', options.fit, FITS);
      const ending =
        options.map && oneOf('kind of map', path.extname(options.map).toLowerCase(), MAP_ENDINGS);
      if (options.map) await requirePlaceFor(options.map);
      const model = await openModel(reference);
      await startNodeBackend();

      const results: Result[] = [];
      const maps: { map: ClassMap; picture: Picture }[] = [];
      for (const source of sources) {
        for await (const taken of picturesAt(source)) {
          if ('problem' in taken) {
            // One picture alone that cannot be read is bad input; among others it is a row.
            if (sources.length === 1 && taken.path === path.basename(source))
              throw new BadInput(taken.problem);
            results.push({ name: taken.path, problem: taken.problem });
            continue;
          }
          const { picture, path: name } = taken;
          const about = { name, ...describe(picture) };
          const isScene = !fit && Math.floor(picture.width / CELL) * Math.floor(picture.height / CELL) > 1;
          if (isScene) {
            if (maps.length > 0) throw new BadInput('--map needs one scene, and more were given.');
            const { map, result } = await mapScene(model, picture, name, options);
            if (options.map) maps.push({ map, picture });
            results.push({ ...about, ...result });
          } else results.push({ ...about, ...(await asTile(model, picture, name, fit ?? 'scale', options)) });
        }
      }
      if (options.map && ending) {
        if (maps.length === 0)
          throw new BadInput('--map needs a scene of several cells, and none was given.');
        await writeAtomically(options.map, await mapFile(ending, maps[0]));
      }
      print(results, options, () => results.flatMap(lines));
    });
}

interface Result {
  readonly name: string;
  readonly problem?: string;
  readonly [about: string]: unknown;
}

function describe(picture: Picture) {
  const { width, height, notes, georeference } = picture;
  const place = georeference && { epsg: georeference.epsg, bounds: boundsOf(georeference, picture) };
  return { width, height, notes, georeference: place };
}

async function asTile(model: GcnnModel, picture: Picture, name: string, fit: Fit, { turns }: Options) {
  const part = fitSquare(picture, fit, name);
  const answers = await answersAtTurns(model, sampleSquare(picture, part, model.arch.input.size));
  return { kind: 'tile', fit, side: part.side, turns: turns ? answers : answers.slice(0, 1) };
}

async function mapScene(model: GcnnModel, picture: Picture, name: string, options: Options) {
  const turned = options.turns ? await runStage(mapAtQuarterTurns(model, picture, name), options) : undefined;
  const map = turned?.upright ?? (await runStage(mapClasses(model, picture, name), options));
  const { columns: across, rows, cell, left2, top2 } = map.grid;
  const shares = Object.fromEntries(classShares(map).map((share, i) => [map.classes[i], share]));
  const result = {
    kind: 'scene',
    cells: across * rows,
    grid: { columns: across, rows, cell, left: left2 / 2, top: top2 / 2 },
    shares,
    undecided: count(map.undecided),
    turned: turned && {
      changed: turned.changed,
      undecided: turned.undecided,
      agreement: turned.agreement,
      differs: count(turned.differs),
      probabilityGap: turned.probabilityGap,
    },
  };
  return { map, result };
}

async function mapFile(
  ending: (typeof MAP_ENDINGS)[number],
  { map, picture: { georeference } }: { map: ClassMap; picture: Picture },
): Promise<Uint8Array | string> {
  if (ending === '.geojson') return mapGeoJson(map, georeference);
  return ending === '.tif' ? mapGeoTiff(map, georeference) : mapPng(map);
}

function lines(result: Result): string[] {
  if (result.problem) return [result.problem, ''];
  const { name, width, height, notes } = result as unknown as ReturnType<typeof describe> & Result;
  const head = [`${name}, ${width}×${height}${notes.map((note) => `; ${note}`).join('')}`];
  if (result.kind === 'tile') {
    const { turns, side, fit } = result as unknown as Awaited<ReturnType<typeof asTile>>;
    const rows = turns.map((t) => [
      `${t.degrees}°`,
      t.answer,
      t.undecided ? 'undecided' : percent(t.probability),
    ]);
    return [
      ...head,
      `${fit === 'crop' ? 'cropped' : 'scaled'} from the middle ${side}×${side} pixels`,
      ...columns([['turn', 'shows', 'probability'], ...rows]),
      '',
    ];
  }
  const { grid, shares, undecided, cells, turned } = result as unknown as Awaited<
    ReturnType<typeof mapScene>
  >['result'];
  const present = Object.entries(shares)
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a);
  const margin =
    grid.left || grid.top
      ? `; a margin of ${grid.left} pixels at the sides and ${grid.top} above and below is left out`
      : '';
  return [
    ...head,
    `${grid.columns}×${grid.rows} cells of ${grid.cell}×${grid.cell} pixels${margin}`,
    ...columns([['class', 'share'], ...present.map(([name, share]) => [name, percent(share)])]),
    `${undecided} of ${cells} undecided`,
    ...(turned
      ? [
          `at the four turns ${turned.changed} decided cells changed their class, ${turned.undecided} are undecided at some turn; ` +
            `probabilities differ by ${turned.probabilityGap.toExponential(1)} at most`,
        ]
      : []),
    '',
  ];
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
