import path from 'node:path';
import type { Command } from 'commander';
import { BadInput } from '../../src/lab/errors';
import { answersAtTurns } from '../../src/lab/evaluate/classify';
import type { GcnnModel } from '../../src/lab/families/gcnn/model';
import {
  CELL,
  type CellChoice,
  FITS,
  type Fit,
  fitSquare,
  gridOf,
  marginsOf,
  sampleSquare,
} from '../../src/lab/pictures/cut';
import type { DecodedBands } from '../../src/lab/pictures/decode/decode';
import { boundsOf } from '../../src/lab/pictures/georeference';
import type { Picture } from '../../src/lab/pictures/picture';
import { type ClassMap, classShares, countEmpty } from '../../src/lab/scenes/cells';
import { mapAtQuarterTurns, mapClasses } from '../../src/lab/scenes/classMap';
import { geoTiffFiles, mapGeoJson, mapPng } from '../../src/lab/scenes/mapFiles';
import { resolutionWarning, trainedMetres } from '../../src/lab/scenes/resolution';
import { marginWords } from '../../src/lab/scenes/words';
import { startNodeBackend } from '../node/backend';
import { requirePlaceFor, writeAtomically } from '../node/files';
import { openModel } from '../node/models';
import { picturesAt } from '../node/pictures';
import { runStage } from '../node/runStage';
import { columns, percent } from '../node/table';
import { AS_JSON, QUIET } from '../options';
import { numberOption, oneOf, print, wholeOption } from '../work';
import { addBatchOptions, type BatchOptions, classifyToFile, requireBatchAlone } from './classifyMany';

interface Options extends BatchOptions {
  turns?: boolean;
  map?: string;
  fit?: string;
  cell?: number;
  stride?: number;
  overlap?: number;
}

const MAP_ENDINGS = ['.geojson', '.tif', '.png'] as const;

/** `classify <model> <pictures…>`: what a tile shows, or the class map of a scene. */
export function classify(program: Command): void {
  const verb = program
    .command('classify <model> <pictures...>')
    .description('what tiles show, and class maps of scenes: JPEG, PNG, WebP, GeoTIFF; files, folders, zips')
    .option('--turns', 'at all four quarter turns, and whether the answers agree')
    .option('--fit <how>', `one tile of each picture: ${FITS.join(' | ')} (default: a scene is mapped whole)`)
    .option(
      '--map <file>',
      'write the map of the one scene given: .geojson, .tif (with .aux.xml and .qml), .png',
    )
    .option('--cell <pixels>', `side of a cell of a scene (default: ${CELL})`, wholeOption('cell', 1))
    .option(
      '--stride <pixels>',
      'from one cell to the next (default: cell by cell)',
      wholeOption('stride', 1),
    )
    .option(
      '--overlap <share>',
      'the same as the share of a cell that the next one covers',
      numberOption('overlap'),
    );
  addBatchOptions(verb)
    .addOption(AS_JSON)
    .addOption(QUIET)
    .action(async (reference: string, sources: string[], options: Options) => {
      requireBatchAlone({ ...options });
      if (options.csv !== undefined) return classifyToFile(reference, sources, options.csv, options);
      const fit = options.fit === undefined ? undefined : oneOf('fit', options.fit, FITS);
      const ending =
        options.map && oneOf('kind of map', path.extname(options.map).toLowerCase(), MAP_ENDINGS);
      const choice = cellChoice(options);
      if (options.map) await requirePlaceFor(options.map, [reference, ...sources]);
      const model = await openModel(reference);
      await startNodeBackend();

      const results: Result[] = [];
      const maps: { map: ClassMap; picture: Picture }[] = [];
      for (const source of sources) {
        for await (const taken of picturesAt(source, model.arch.input)) {
          if ('problem' in taken) {
            // One picture alone that cannot be read is bad input; among others it is a row.
            if (sources.length === 1 && taken.path === path.basename(source))
              throw new BadInput(taken.problem);
            results.push({ name: taken.path, problem: taken.problem });
            continue;
          }
          const { picture, path: name } = taken;
          const about = { name, ...describe(picture) };
          const isScene = !fit && holdsSeveral(picture, choice);
          if (isScene) {
            if (maps.length > 0) throw new BadInput('--map needs one scene, and more were given.');
            const { map, result } = await mapScene(model, picture, name, choice, options);
            if (options.map) maps.push({ map, picture });
            results.push({ ...about, ...result });
          } else results.push({ ...about, ...(await asTile(model, picture, name, fit ?? 'scale', options)) });
        }
      }
      if (results.length > 0 && results.every(({ problem }) => problem)) {
        const more = results.length === 1 ? '' : ` So it is with the other ${results.length - 1}.`;
        throw new BadInput(`Nothing could be answered. ${results[0].problem}${more}`);
      }
      if (options.map && ending) {
        if (maps.length === 0)
          throw new BadInput('--map needs a scene of several cells, and none was given.');
        for (const [file, content] of await mapFiles(options.map, ending, maps[0]))
          await writeAtomically(file, content);
      }
      print(results, options, () => results.flatMap(lines));
    });
}

interface Result {
  readonly name: string;
  readonly problem?: string;
  readonly [about: string]: unknown;
}

function describe(picture: DecodedBands) {
  const { width, height, georeference, placeNotes = [] } = picture;
  const notes = [...picture.notes, ...placeNotes];
  const place = georeference && { epsg: georeference.epsg, bounds: boundsOf(georeference, picture) };
  const bands = picture.bands && { bands: picture.bands.numbers };
  return { width, height, ...bands, notes, georeference: place };
}

/** How scenes are cut. Throws `BadInput` for a step that is none. */
function cellChoice({ cell = CELL, stride, overlap }: Options): CellChoice {
  if (stride !== undefined && overlap !== undefined) {
    throw new BadInput('--stride and --overlap say the same thing in two ways: give one of them.');
  }
  if (overlap !== undefined && !(overlap >= 0 && overlap < 1)) {
    throw new BadInput(`--overlap needs a share from 0 to below 1, not ${overlap}.`);
  }
  const step = stride ?? Math.max(1, Math.round(cell * (1 - (overlap ?? 0))));
  if (step > cell) {
    throw new BadInput(
      `A stride of ${step} would leave gaps between cells of ${cell}: give ${cell} at most.`,
    );
  }
  return { cell, stride: step };
}

function holdsSeveral({ width, height }: Picture, { cell, stride }: CellChoice): boolean {
  if (Math.min(width, height) < cell) return false;
  const { columns, rows } = gridOf({ width, height }, 'it', cell, stride);
  return columns * rows > 1;
}

async function asTile(model: GcnnModel, picture: DecodedBands, name: string, fit: Fit, options: Options) {
  const part = fitSquare(picture, fit, name, options.cell);
  const missing = picture.empty ? count(picture.empty) : 0;
  if (missing === picture.width * picture.height) {
    throw new BadInput(`${name} has no pixel with a value; give a picture with data in it.`);
  }
  const answers = await answersAtTurns(model, sampleSquare(picture, part, model.arch.input.size));
  const turns = options.turns ? answers : answers.slice(0, 1);
  const warning = resolutionWarning(trainedMetres(model), picture, part.side);
  return { kind: 'tile', fit, side: part.side, missing, warning, turns };
}

async function mapScene(
  model: GcnnModel,
  picture: DecodedBands,
  name: string,
  choice: CellChoice,
  options: Options,
) {
  const turned = options.turns
    ? await runStage(mapAtQuarterTurns(model, picture, name, choice), options)
    : undefined;
  const map = turned?.upright ?? (await runStage(mapClasses(model, picture, name, choice), options));
  const { columns: across, rows, cell, stride, left, top } = map.grid;
  const shares = Object.fromEntries(classShares(map).map((share, i) => [map.classes[i], share]));
  const result = {
    kind: 'scene',
    cells: across * rows,
    grid: { columns: across, rows, cell, stride, left, top },
    margin: marginsOf(map.grid, picture),
    empty: countEmpty(map),
    shares,
    undecided: count(map.undecided),
    warning: resolutionWarning(trainedMetres(model), picture, cell),
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

/** The files of a map, by their paths: a GeoTIFF comes with what GDAL and QGIS look for beside it. */
async function mapFiles(
  file: string,
  ending: (typeof MAP_ENDINGS)[number],
  { map, picture: { georeference } }: { map: ClassMap; picture: Picture },
): Promise<readonly (readonly [file: string, content: Uint8Array | string])[]> {
  if (ending === '.geojson') return [[file, mapGeoJson(map, georeference)]];
  if (ending === '.png') return [[file, await mapPng(map)]];
  return geoTiffFiles(map, georeference, file);
}

function lines(result: Result): string[] {
  if (result.problem) return [result.problem, ''];
  const { name, width, height, notes } = result as unknown as ReturnType<typeof describe> & Result;
  const head = [`${name}, ${width}×${height}${notes.map((note) => `; ${note}`).join('')}`];
  if (result.kind === 'tile') {
    const { turns, side, fit, missing, warning } = result as unknown as Awaited<ReturnType<typeof asTile>>;
    const rows = turns.map((t) => [
      `${t.degrees}°`,
      t.answer,
      t.undecided ? 'undecided' : percent(t.probability),
    ]);
    return [
      ...head,
      `${fit === 'crop' ? 'cropped' : 'scaled'} from the middle ${side}×${side} pixels` +
        (missing > 0 ? `; ${missing} pixels of the picture have no value and are black` : ''),
      ...(warning ? [warning] : []),
      ...columns([['turn', 'shows', 'probability'], ...rows]),
      '',
    ];
  }
  const { grid, margin, empty, shares, undecided, cells, warning, turned } = result as unknown as Awaited<
    ReturnType<typeof mapScene>
  >['result'];
  const present = Object.entries(shares)
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a);
  const left = marginWords(margin);
  const step =
    grid.stride < grid.cell ? `, one every ${grid.stride} pixels, whose answer stands for its middle` : '';
  return [
    ...head,
    `${grid.columns}×${grid.rows} cells of ${grid.cell}×${grid.cell} pixels${step}${left ? `; ${left} is left out` : ''}`,
    ...(warning ? [warning] : []),
    ...(empty > 0 ? [`${empty} of ${cells} cells are empty: too many of their pixels have no value`] : []),
    ...columns([['class', 'share'], ...present.map(([name, share]) => [name, percent(share)])]),
    `${undecided} of ${cells - empty} undecided`,
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
