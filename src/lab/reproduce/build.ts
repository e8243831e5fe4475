/** A report from finished runs: a pure function, so that the same runs give the same report. */

import { datasetHash, keysHash } from '../data/tiles';
import { BadInput } from '../errors';
import { holm } from '../statistics/holm';
import { cellsOf, madeOf, studied } from './cells';
import { COMPLETE } from './complete';
import type { RunMaterial } from './material';
import { answersOfRow, comparePaired, measure, remarksOn } from './measure';
import { orderFinding } from './ordering';
import { answersTo } from './questions';
import {
  type Report,
  type ReportRow,
  type ReportSection,
  reportSchema,
  type Scale,
  type Told,
} from './report';
import { type DataName, type TableDefinition, type TableRow, type TableSection, testStage } from './table';
import { meanGain, type Truth, tell } from './told';
import { askedBy, DEFINITIONS, verdictOn } from './verdict';

/** What a report says of itself beside its figures. */
export type Circumstances = Pick<Report, 'made' | 'command' | 'environment' | 'wallSeconds'>;

/** The part of a table that has been made with every seed. Throws `BadInput` where that is nothing. */
export function finishedPart(table: TableDefinition, materials: readonly RunMaterial[]): TableDefinition {
  const isMade = ({ run, stage }: TableRow) => {
    const seeds = materials.find((material) => material.run.id === run)!.seeds;
    // A study's record holds its test; of other stages a stage of its own does.
    return seeds.every(
      ({ records }) => records.has(testStage(stage)) || records.get(stage)?.test !== undefined,
    );
  };
  const sections = table.sections
    .map((section) => ({ ...section, rows: section.rows.filter(isMade) }))
    .filter(({ rows, baseline }) => rows.some(({ id }) => id === baseline));
  const [first, ...others] = sections;
  const missing = table.sections.filter(({ id }) => sections.every((section) => section.id !== id));
  const note = `Not made yet, and so not shown: ${missing.map(({ title }) => `“${title}”`).join(', ')}.`;
  if (missing.length === 0) return { ...table, sections };
  if (first) return { ...table, sections: [{ ...first, notes: [...first.notes, note] }, ...others] };
  throw new BadInput(`Nothing of ${table.name} has been made in this folder yet: leave out --so-far.`);
}

/** Throws where a run is not what the table says it is; see `measure`. */
export function reportOf(
  table: TableDefinition,
  scale: Scale,
  materials: readonly RunMaterial[],
  circumstances: Circumstances,
): Report {
  const byId = new Map(materials.map((material) => [material.run.id, material]));
  return reportSchema.parse({
    version: 1,
    kind: 'orbit-lab report',
    table: table.name,
    title: table.title,
    scale,
    ...circumstances,
    seeds: materials[0].seeds.map(({ seed }) => seed),
    definitions: [...DEFINITIONS],
    sections: table.sections.map((section) => sectionOf(section, byId, scale)),
    recipes: Object.fromEntries(materials.map(({ run }) => [run.id, run.recipe])),
  } satisfies Report);
}

function sectionOf(
  section: TableSection,
  materials: ReadonlyMap<string, RunMaterial>,
  scale: Scale,
): ReportSection {
  const { id, title, notes, baseline } = section;
  const materialOf = (run: string): RunMaterial => {
    const material = materials.get(run);
    if (!material) throw new Error(`"${run}" was not run.`);
    return material;
  };
  const data = onSameTiles(section.rows.map((row) => materialOf(row.run)));
  const { dataset, splits, folds } = materialOf(section.rows[0].run);
  const truth: Truth = { labels: Array.from(splits.test, (tile) => dataset.labels[tile]), folds };
  const rows = section.rows.map((row) => {
    const { seeds } = materialOf(row.run);
    return { row, seeds, answers: answersOfRow(row, seeds) };
  });
  const named = (name: string) => {
    const found = rows.find(({ row }) => row.id === name);
    if (!found) throw new Error(`Section "${id}" has no row "${name}".`);
    return found;
  };
  const against = named(baseline).answers;
  const measured = new Map(
    rows.map(({ row, seeds }) => [row.id, measure(row, seeds, truth, row.id === baseline ? null : against)]),
  );
  const asInPaper =
    scale === 'full' && dataset.count >= COMPLETE[materialOf(section.rows[0].run).run.data].tiles;
  const alone = rows.map(({ row, answers }): (Told | null)[] =>
    row.claims.map((claim) => {
      const asked = askedBy(claim, row.paper, (name) => named(name).row);
      const there = 'row' in claim ? named(claim.row).answers : [];
      return asked ? tell(asked, answers, there, truth) : null;
    }),
  );
  const told = toldTogether(alone);
  const reported = rows.map(({ row, seeds, answers }, i): ReportRow => {
    const lab = measured.get(row.id)!;
    const other = (name: string) => {
      const there = named(name);
      const { gained, lost } = comparePaired(answers, there.answers, truth.labels);
      const { label, paper } = there.row;
      return { label, paper, lab: measured.get(name)!, gained, lost };
    };
    return {
      id: row.id,
      label: row.label,
      paper: row.paper,
      reference: row.reference,
      lab,
      verdict: verdictOn({ row, lab, tiles: truth.labels.length, asInPaper, told: told[i], other }),
      told: [
        ...told[i].filter((each) => each !== null),
        // Without a claim it is still told how the row stands to the baseline.
        ...(row.id === baseline || told[i].some((each) => each?.against === named(baseline).row.label)
          ? []
          : [tell(plainly(named(baseline).row, row), answers, against, truth)]),
      ],
      remarks: remarksOn(row, seeds),
    };
  });
  const order = section.ordering?.slice(1).map((name, i) => {
    const [above, below] = [named(name), named(section.ordering![i])];
    const { gained, lost } = comparePaired(above.answers, below.answers, truth.labels);
    const [lab, belowLab] = [measured.get(name)!, measured.get(below.row.id)!];
    const step = tell(plainly(below.row, above.row), above.answers, below.answers, truth);
    return { label: above.row.label, below: below.row.label, lab, belowLab, gained, lost, told: step };
  });
  const findings = order ? [orderFinding(order)] : undefined;
  const plain = {
    ...{ id, title, data, baseline, rows: reported },
    notes: [...(folds ? [foldNote(Math.max(...folds) + 1)] : []), ...notes],
    ...(findings && { findings }),
  };
  if (!section.study) return plain;
  const material = materialOf(section.study.run);
  const cells = cellsOf(material, truth, against);
  const networks = madeOf(material);
  const all = studied(material.run.recipe).length;
  const answersIn = (i: number) => answersOfRow({ stage: networks[i].name }, material.seeds);
  const gains = (pairs: readonly (readonly [number, number])[]) =>
    meanGain(
      pairs.map(([a, b]) => [answersIn(a), answersIn(b)] as const),
      truth,
    );
  if (cells.length < all) plain.notes.push(unfinished(cells.length, all));
  return {
    ...plain,
    cells,
    findings: answersTo(section.study.questions, cells, measured.get(baseline)!, truth.labels.length, gains),
  };
}

/** How a row differs from another, with no claim. */
const plainly = (there: TableRow, here: TableRow) => ({
  ...{ kind: 'difference' as const, against: there.label, times: 1, bound: 0 },
  printed:
    here.paper?.accuracy === undefined || there.paper?.accuracy === undefined
      ? undefined
      : here.paper.accuracy - there.paper.accuracy,
});

/** The claims of a section are tests at once: Holm's adjustment over all of them. */
function toldTogether(alone: readonly (readonly (Told | null)[])[]): (Told | null)[][] {
  // Whether a printed figure is reached is told by the interval alone: both of its bounds have to hold.
  const isTest = (each: Told | null): each is Told => each !== null && each.kind !== 'reaches';
  const adjusted = holm(
    alone
      .flat()
      .filter(isTest)
      .map(({ p }) => p),
  );
  return alone.map((row) =>
    row.map((each) => (isTest(each) ? { ...each, adjusted: adjusted.shift()! } : each)),
  );
}

const foldNote = (k: number): string =>
  `By ${k} folds: every tile of the set is tested once with every seed, by the network of its own fold, which learnt from others; ` +
  'the training and validation tiles counted here are those of the first fold.';

const unfinished = (made: number, all: number): string =>
  `Not finished: ${made} of the ${all} networks of this study have been made with every seed, and only they are shown. ` +
  'The same command without --so-far makes the rest.';

/** What all networks of a section were trained and tested on. Throws `BadInput` where they were not. */
function onSameTiles(materials: readonly RunMaterial[]): ReportSection['data'] {
  const [first, ...rest] = materials.map(dataOf);
  for (const other of rest) {
    if (JSON.stringify(other) !== JSON.stringify(first)) {
      throw new BadInput(
        `Rows of one section were run on different tiles (${first.title}, ${other.title}): choose another --out.`,
      );
    }
  }
  return first;
}

function dataOf({ dataset, splits }: RunMaterial): ReportSection['data'] {
  const { name, title, size, classes } = dataset;
  const { train, val, test } = splits;
  return {
    name,
    title,
    size,
    classes: [...classes],
    splits: { train: train.length, val: val.length, test: test.length },
    hash: datasetHash(dataset),
    parts: {
      train: keysHash(dataset, train),
      val: keysHash(dataset, val),
      test: keysHash(dataset, test),
    },
  };
}

/** The keys of every tile used, part by part, for each section of a table: the file beside a report. */
export function splitLists(
  table: TableDefinition,
  materials: readonly RunMaterial[],
): Record<DataName, Record<'train' | 'val' | 'test', string[]>> {
  const used = new Set(table.sections.flatMap(({ rows }) => rows.map(({ run }) => run)));
  const lists: Partial<ReturnType<typeof splitLists>> = {};
  for (const { run, dataset, splits } of materials) {
    if (!used.has(run.id) || lists[run.data]) continue;
    const keys = (tiles: Uint32Array) => Array.from(tiles, (tile) => dataset.keys[tile]);
    lists[run.data] = { train: keys(splits.train), val: keys(splits.val), test: keys(splits.test) };
  }
  return lists as ReturnType<typeof splitLists>;
}
