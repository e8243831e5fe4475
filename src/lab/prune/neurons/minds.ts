/**
 * Two networks beside each other on the validation tiles: those on which one keeps its answer through the quarter turns
 * and the other does not; and what a turn of 45° does, which no grid of pixels turns exactly.
 */
import { pixelsOf } from '../../data/tiles';
import { BadInput } from '../../errors';
import { accuracyOf } from '../../evaluate/agreement';
import { type Decisions, decide } from '../../evaluate/decide';
import { logitsFromFeatures } from '../../evaluate/features';
import { logitsAt } from '../../evaluate/rotation';
import { mapEvents, type Stage } from '../../stage/events';
import type { Study } from './study';

/** A validation tile and what both networks say of it. */
export interface MindTile {
  /** Class index. */
  readonly label: number;
  /** Class indices at 0°, 90°, 180° and 270°. */
  readonly kept: readonly number[];
  readonly moved: readonly number[];
  /** size × size × channels bytes. */
  readonly pixels: Uint8Array;
}

export interface Minds {
  /** Tiles that were looked at. */
  readonly tiles: number;
  /** Of these, tiles to which both answer rightly upright, and only the second changes its answer when they turn. */
  readonly found: number;
  readonly size: number;
  readonly channels: number;
  /** Some of those, of as many classes as there are. */
  readonly shown: readonly MindTile[];
}

/** The first network is expected to keep its answers, the second not; at most `most` tiles are shown. */
export async function mindsOf(keeping: Study, moving: Study, most: number): Promise<Minds> {
  requireSameTiles(keeping, moving);
  const [kept, moved] = [await answersOf(keeping), await answersOf(moving)];
  const { dataset, tiles } = keeping;
  const at = (turns: readonly Decisions[], row: number) => turns.map(({ answers }) => answers[row]);
  const isDecided = (turns: readonly Decisions[], row: number) =>
    turns.every(({ undecided }) => undecided[row] === 0);
  const rows = Array.from(tiles.keys()).filter((row) => {
    const label = dataset.labels[tiles[row]];
    const [own, other] = [at(kept, row), at(moved, row)];
    return (
      isDecided(kept, row) &&
      isDecided(moved, row) &&
      own.every((answer) => answer === label) &&
      other[0] === label &&
      other.some((answer) => answer !== label)
    );
  });
  // What the first turn shows needs no second one.
  const soonest = rows.toSorted((a, b) => firstChange(at(moved, a)) - firstChange(at(moved, b)) || a - b);
  const shown = acrossClasses(soonest, (row) => dataset.labels[tiles[row]]).slice(0, most);
  return {
    tiles: tiles.length,
    found: rows.length,
    size: dataset.size,
    channels: dataset.channels,
    shown: shown.map((row) => ({
      label: dataset.labels[tiles[row]],
      kept: at(kept, row),
      moved: at(moved, row),
      pixels: pixelsOf(dataset, tiles[row]).slice(),
    })),
  };
}

/** The first turn at which the answer is another one. */
const firstChange = (answers: readonly number[]): number => answers.findIndex((each) => each !== answers[0]);

/** One of each class, then a second of each, and so on, in the order given. */
export function acrossClasses(rows: readonly number[], classOf: (row: number) => number): number[] {
  const before = new Map<number, number>();
  return rows
    .map((row) => {
      const round = before.get(classOf(row)) ?? 0;
      before.set(classOf(row), round + 1);
      return { row, round };
    })
    .sort((a, b) => a.round - b.round)
    .map(({ row }) => row);
}

async function answersOf({ model, turns }: Study): Promise<Decisions[]> {
  const decided: Decisions[] = [];
  for (const { values } of turns)
    decided.push(decide(await logitsFromFeatures(model, values), model.arch.classes));
  return decided;
}

function requireSameTiles(one: Study, other: Study): void {
  const isSame =
    one.dataset.size === other.dataset.size &&
    one.tiles.length === other.tiles.length &&
    one.tiles.every((tile, row) => one.dataset.keys[tile] === other.dataset.keys[other.tiles[row]]);
  if (!isSame)
    throw new BadInput(
      'The two networks are measured on other tiles: open two that share their validation tiles.',
    );
}

/** A network on tiles that lie at an angle. */
export interface Oblique {
  readonly accuracy: number;
  /** Tiles that get another answer than upright. */
  readonly changed: number;
}

export interface ObliqueCheck {
  readonly degrees: number;
  readonly tiles: number;
  readonly nets: readonly Oblique[];
}

/** Networks at an angle between the right ones, by interpolation. */
export async function* obliqueOf(studies: readonly Study[], degrees: number): Stage<ObliqueCheck> {
  const nets: Oblique[] = [];
  for (const { model, dataset, tiles, turns } of studies) {
    const total = studies.length * tiles.length;
    const done = nets.length * tiles.length;
    const logits = yield* mapEvents(logitsAt(model, dataset, tiles, degrees), (event) =>
      event.type === 'progress' ? { ...event, done: done + event.done, total } : event,
    );
    const { classes } = model.arch;
    const upright = decide(await logitsFromFeatures(model, turns[0].values), classes).answers;
    const { answers } = decide(logits, classes);
    nets.push({
      accuracy: accuracyOf(answers, turns[0].labels),
      changed: answers.filter((answer, row) => answer !== upright[row]).length,
    });
  }
  return { degrees, tiles: studies[0].tiles.length, nets };
}
