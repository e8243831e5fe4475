/** The class map of a scene as a value, and what follows from it without running a network. */
import { type Agreement, agreementOf } from '../evaluate/agreement';
import { type Grid, type Pixels, turnGrid } from '../pictures/cut';
import { turnRaster } from '../pictures/turn';
import { type Element, GROUPS } from '../symmetry/group';

/** Row by row over the cells of a grid. */
export interface ClassMap {
  readonly classes: readonly string[];
  readonly grid: Grid;
  /** Index of the class each cell shows; of an empty one 0, which means nothing. */
  readonly answers: Uint8Array;
  /** Softmax probability of that class; 0 of an empty cell. */
  readonly probabilities: Float32Array;
  /** 1 where the two best answers are too close to call (science §8). */
  readonly undecided: Uint8Array;
  /** 1 where too few pixels have a value for an answer. */
  readonly empty: Uint8Array;
}

/** A map turned as its picture would be, whose size is given. */
export function turnMap(map: ClassMap, picture: Pick<Pixels, 'width' | 'height'>, g: Element): ClassMap {
  const { columns, rows } = map.grid;
  const size = { width: columns, height: rows };
  return {
    ...map,
    grid: turnGrid(map.grid, picture, g),
    answers: turnRaster(map.answers, size, 1, g),
    probabilities: turnRaster(map.probabilities, size, 1, g),
    undecided: turnRaster(map.undecided, size, 1, g),
    empty: turnRaster(map.empty, size, 1, g),
  };
}

/** A map of a turned scene, as the map of the upright one would show it. `turned`: the size of the turned scene. */
export const turnMapBack = (
  map: ClassMap,
  turned: Pick<Pixels, 'width' | 'height'>,
  { turns }: Element,
): ClassMap => turnMap(map, turned, GROUPS.C4.elements[(4 - turns) % 4]);

/** How many cells have no answer. */
export const countEmpty = ({ empty }: Pick<ClassMap, 'empty'>): number =>
  empty.reduce((sum, each) => sum + each, 0);

/** Share of the cells with an answer that show each class, in the order of `classes`; all 0 where none has one. */
export function classShares({ classes, answers, empty }: ClassMap): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  answers.forEach((answer, i) => {
    if (!empty[i]) counts[answer]++;
  });
  const answered = answers.length - countEmpty({ empty });
  return counts.map((count) => (answered === 0 ? 0 : count / answered));
}

/**
 * Whether maps of one scene at several turns agree; each is turned back. Empty cells, the same at every turn, are left
 * out of all counts.
 */
export interface MapAgreement extends Agreement {
  /** For each cell, whether its answer differs at some turn. */
  readonly differs: Uint8Array;
  /** The greatest difference of a cell's probability between two turns. */
  readonly probabilityGap: number;
}

export function mapAgreement(maps: readonly ClassMap[]): MapAgreement {
  const [{ answers: first, empty }] = maps;
  const answered = <T extends Uint8Array>(each: T): Uint8Array => each.filter((_, i) => !empty[i]);
  return {
    differs: first.map((answer, i) => (maps.some(({ answers }) => answers[i] !== answer) ? 1 : 0)),
    probabilityGap: maps[0].probabilities.reduce((gap, _, i) => {
      const at = maps.map(({ probabilities }) => probabilities[i]);
      return Math.max(gap, Math.max(...at) - Math.min(...at));
    }, 0),
    ...agreementOf(
      maps.map(({ answers }) => answered(answers)),
      maps.map(({ undecided }) => answered(undecided)),
    ),
  };
}
