/** The class map of a scene as a value, and what follows from it without running a network. */
import { type Agreement, agreementOf } from '../evaluate/agreement';
import type { Grid } from '../pictures/cut';
import { turnRaster } from '../pictures/turn';
import { type Element, GROUPS } from '../symmetry/group';

/** Row by row over the cells of a grid. */
export interface ClassMap {
  readonly classes: readonly string[];
  readonly grid: Grid;
  /** Index of the class each cell shows. */
  readonly answers: Uint8Array;
  /** Softmax probability of that class. */
  readonly probabilities: Float32Array;
  /** 1 where the two best answers are too close to call (science §8). */
  readonly undecided: Uint8Array;
}

/** A map turned as its picture would be. */
export function turnMap(map: ClassMap, g: Element): ClassMap {
  const { columns, rows, left2, top2 } = map.grid;
  const size = { width: columns, height: rows };
  const isUpright = g.turns % 2 === 0;
  return {
    ...map,
    grid: isUpright ? map.grid : { ...map.grid, columns: rows, rows: columns, left2: top2, top2: left2 },
    answers: turnRaster(map.answers, size, 1, g),
    probabilities: turnRaster(map.probabilities, size, 1, g),
    undecided: turnRaster(map.undecided, size, 1, g),
  };
}

/** A map of a turned scene, as the map of the upright one would show it. */
export const turnMapBack = (map: ClassMap, { turns }: Element): ClassMap =>
  turnMap(map, GROUPS.C4.elements[(4 - turns) % 4]);

/** Share of the cells that show each class, in the order of `classes`. */
export function classShares({ classes, answers }: ClassMap): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const answer of answers) counts[answer]++;
  return counts.map((count) => count / answers.length);
}

/** Whether maps of one scene at several turns agree; each is turned back. */
export interface MapAgreement extends Agreement {
  /** For each cell, whether its answer differs at some turn. */
  readonly differs: Uint8Array;
  /** The greatest difference of a cell's probability between two turns. */
  readonly probabilityGap: number;
}

export function mapAgreement(maps: readonly ClassMap[]): MapAgreement {
  const [{ answers: first }] = maps;
  return {
    differs: first.map((answer, i) => (maps.some(({ answers }) => answers[i] !== answer) ? 1 : 0)),
    probabilityGap: maps[0].probabilities.reduce((gap, _, i) => {
      const at = maps.map(({ probabilities }) => probabilities[i]);
      return Math.max(gap, Math.max(...at) - Math.min(...at));
    }, 0),
    ...agreementOf(
      maps.map(({ answers }) => answers),
      maps.map(({ undecided }) => undecided),
    ),
  };
}
