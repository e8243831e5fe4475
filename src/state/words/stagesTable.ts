/** All figures of a run’s stages as one table: columns that know their values and how these are written. */
import { wilsonInterval } from '../../lab/evaluate/interval';
import type { RunRow } from '../../storage/rows';
import type { Term } from '../page/glossary';
import type { Table } from '../page/table';
import {
  accuracyChange,
  agreementIn,
  type Card,
  cardBefore,
  type Figures,
  STAGE_NAMES,
} from '../pipeline/cards';
import { bytes, gain, millions, percent, seconds, small, whole, wholePercent } from './format';

export interface StagesColumn {
  readonly name: string;
  /** What it is; null where its name says it all. */
  readonly text: string | null;
  /** The entry of the glossary that says more. */
  readonly term?: Term;
  /** In a file, with its unit. */
  readonly file: string;
  /** The figure in SI units and shares, for files; null where it was not measured. */
  of(figures: Figures): number | null;
  write(value: number): string;
}

const turn = (at: number): StagesColumn => ({
  name: `${90 * at}°`,
  file: `accuracy at ${90 * at}° (share)`,
  text: `Accuracy when every tile is turned by ${90 * at}°.`,
  of: ({ turned }) => turned?.[at] ?? null,
  write: percent,
});

const bound = (at: 0 | 1, name: string): StagesColumn => ({
  name,
  file: `accuracy, 95 % interval ${name} (share)`,
  text: 'Wilson’s 95 % interval of the accuracy, from the number of tiles alone.',
  of: ({ accuracy, tiles }) => wilsonInterval(accuracy, tiles)[at],
  write: percent,
});

export const STAGES_COLUMNS: readonly StagesColumn[] = [
  {
    name: 'Accuracy',
    file: 'accuracy (share)',
    text: 'On the validation tiles, at the check on the test tiles.',
    of: ({ accuracy }) => accuracy,
    write: percent,
  },
  bound(0, 'from'),
  bound(1, 'to'),
  ...[1, 2, 3].map(turn),
  {
    name: 'Same answer',
    term: 'agreement',
    file: 'same answer at all turns (share)',
    text: 'Share of tiles with the same answer at all four quarter turns, those too close to call left out.',
    of: agreementIn,
    write: wholePercent,
  },
  {
    name: 'Too close',
    term: 'undecided',
    file: 'too close to call (tiles)',
    text: 'Tiles too close to call at some turn: the two best answers differ by less than rounding does.',
    of: ({ undecided }) => undecided,
    write: whole,
  },
  {
    name: 'Equivariance error',
    term: 'equivariance-error',
    file: 'equivariance error of the logits',
    text: 'Largest change of a logit when tiles are turned, as a share of the largest logit: over all validation tiles after pruning, over eight tiles elsewhere.',
    of: ({ error }) => error,
    write: small,
  },
  {
    name: 'Parameters',
    file: 'parameters',
    text: 'Values that are trained.',
    of: ({ params }) => params,
    write: whole,
  },
  {
    name: 'Stored here',
    file: 'stored here (bytes)',
    text: 'The saved file’s tensors, running statistics included.',
    of: ({ bytes }) => bytes,
    write: bytes,
  },
  {
    name: 'Exported',
    file: 'exported (bytes)',
    text: 'The tensors of the file taken along, filters expanded and norms folded in.',
    of: ({ exported }) => exported,
    write: bytes,
  },
  {
    name: 'Multiply-adds',
    term: 'multiply-adds',
    file: 'multiply-adds',
    text: 'Of one pass of one tile, filters expanded and norms folded.',
    of: ({ macs }) => macs,
    write: millions,
  },
  {
    name: 'Time',
    file: 'time (s)',
    text: 'Of the stage’s work, its check included; pauses and what was lost to a cut do not count.',
    of: ({ seconds }) => seconds,
    write: seconds,
  },
];

export interface StagesTable {
  readonly columns: readonly string[];
  /** One for each stage that has figures: its name, then its cells as written. */
  readonly rows: readonly {
    readonly key: string;
    readonly name: string;
    readonly cells: readonly string[];
  }[];
}

/** The table as texts; the last two columns are changes of the accuracy. */
export function stagesTable(cards: readonly Card[]): StagesTable {
  const measured = cards.filter(({ figures }) => figures !== null);
  return {
    columns: [...STAGES_COLUMNS.map(({ name }) => name), 'Against before', 'Against first'],
    rows: measured.map((card) => ({
      key: card.name,
      name: `${cards.indexOf(card) + 1} ${STAGE_NAMES[card.planned.kind]}`,
      cells: [
        ...STAGES_COLUMNS.map(({ of, write }) => written(of(card.figures!), write)),
        gained(card.figures!, cardBefore(cards, card)?.figures ?? null),
        gained(card.figures!, card === measured[0] ? null : measured[0].figures),
      ],
    })),
  };
}

/** The same with figures in full, to be saved. */
export function stagesFile({ name, data, recipe, engine }: RunRow, cards: readonly Card[]): Table {
  const measured = cards.filter(({ figures }) => figures !== null);
  const [first] = measured;
  const change = (card: Card, base: Card | null) => accuracyChange(card.figures!, base?.figures ?? null);
  return {
    name: `pipeline ${name}`,
    title: `${name}: accuracy and size, stage by stage`,
    columns: [
      'stage',
      'record',
      'tiles',
      'n',
      ...STAGES_COLUMNS.map(({ file }) => file),
      'accuracy against the stage before (share)',
      'accuracy against the first (share)',
    ],
    rows: measured.map((card) => [
      STAGE_NAMES[card.planned.kind],
      card.name,
      card.figures!.part,
      card.figures!.tiles,
      ...STAGES_COLUMNS.map(({ of }) => of(card.figures!)),
      change(card, cardBefore(cards, card)),
      card === first ? null : change(card, first),
    ]),
    source: {
      design: recipe.arch.id,
      data: data.title,
      'split seed': recipe.split.seed,
      seed: recipe.seed,
      engine,
    },
  };
}

const gained = (now: Figures, before: Figures | null): string =>
  accuracyChange(now, before) === null ? '–' : gain(before!.accuracy, now.accuracy);

const written = (value: number | null, write: (value: number) => string): string =>
  value === null ? '–' : write(value);
