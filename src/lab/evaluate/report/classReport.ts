/** What a classifier is right and wrong about, class by class and tile by tile, and how far its probabilities can be believed. */
import { accuracyOf } from '../agreement';
import { decide } from '../decide';
import { wilsonInterval } from '../interval';
import { probabilitiesOf } from '../softmax';
import { UNSURE } from '../unsure';
import {
  type ClassFigures,
  type Confusion,
  confusionOf,
  type MacroFigures,
  macroOf,
  perClassOf,
} from './confusion';
import { calibrationError, type ReliabilityBin, reliabilityOf } from './reliability';
import { fitTemperature, meanLoss, type Temperature } from './temperature';

export interface Answered {
  readonly classes: readonly string[];
  /** A name for each tile. */
  readonly keys: readonly string[];
  /** Class of each tile. */
  readonly labels: ArrayLike<number>;
  /** Tiles × classes at each quarter turn, upright first; upright alone where no turn was computed. */
  readonly logits: readonly Float32Array[];
  /** Upright logits of validation tiles, which choose the temperature; absent where there are none. */
  readonly validation?: { readonly logits: Float32Array; readonly labels: ArrayLike<number> };
  readonly unsureBelow?: number;
}

export interface TileAnswer {
  readonly key: string;
  /** Indices of classes. */
  readonly truth: number;
  readonly answer: number;
  readonly right: boolean;
  /** Whether the probability of the answer is below `unsureBelow`. */
  readonly unsure: boolean;
  /** Probability of each class, and of the answer. */
  readonly probabilities: readonly number[];
  readonly probability: number;
  /** Probability of the answer at the temperature; null where there is none. */
  readonly calibrated: number | null;
  /** Answers at the other quarter turns, as many as were computed. */
  readonly turned: readonly number[];
  /** Whether all turns answer alike; null where a turn is too close to call, or none was computed. */
  readonly agrees: boolean | null;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error, 0 … 1. */
  readonly error: number;
}

export interface Calibration {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Of the probabilities as the network says them. */
  readonly asIs: Reliability;
  /** Null where no validation tile could choose. */
  readonly temperature: Temperature | null;
  /** Of the probabilities at the temperature; null without one. */
  readonly atTemperature: (Reliability & { readonly loss: number }) | null;
}

export interface ClassReport {
  readonly classes: readonly string[];
  readonly n: number;
  /** Share of right answers, and its 95 % interval (Wilson). */
  readonly accuracy: number;
  readonly interval: readonly [low: number, high: number];
  readonly macro: MacroFigures;
  readonly confusion: Confusion;
  readonly perClass: readonly ClassFigures[];
  readonly calibration: Calibration;
  readonly unsureBelow: number;
  readonly tiles: readonly TileAnswer[];
}

/** Throws without a tile, and `NotFinite` where a logit is no number. */
export function classReport(answered: Answered): ClassReport {
  const { classes, labels, logits, validation, unsureBelow = UNSURE } = answered;
  const n = labels.length;
  if (n === 0) throw new Error('A report needs at least one tile.');
  const [upright] = logits;
  const turns = logits.map((each) => decide(each, classes.length));
  const [{ answers }] = turns;
  const temperature = validation
    ? fitTemperature(validation.logits, validation.labels, classes.length)
    : null;
  const tiles = answered.keys.map((key, t): TileAnswer => {
    const probabilities = Array.from(probabilitiesOf(upright, classes.length, t));
    const answer = answers[t];
    const turned = turns.slice(1).map((turn) => turn.answers[t]);
    const isOpen = turned.length === 0 || turns.some(({ undecided }) => undecided[t] === 1);
    return {
      key,
      truth: labels[t],
      answer,
      right: answer === labels[t],
      unsure: probabilities[answer] < unsureBelow,
      probabilities,
      probability: probabilities[answer],
      calibrated: temperature && probabilitiesOf(upright, classes.length, t, temperature.value)[answer],
      turned,
      agrees: isOpen ? null : turned.every((each) => each === answer),
    };
  });
  const right = tiles.map((tile) => tile.right);
  const reliability = (confidences: readonly number[]): Reliability => {
    const bins = reliabilityOf(confidences, right);
    return { bins, error: calibrationError(bins)! };
  };
  const accuracy = accuracyOf(answers, labels);
  const confusion = confusionOf(labels, answers, classes.length);
  const perClass = perClassOf(confusion);
  return {
    classes,
    n,
    accuracy,
    interval: wilsonInterval(accuracy, n),
    macro: macroOf(perClass),
    confusion,
    perClass,
    calibration: {
      loss: meanLoss(upright, labels, classes.length),
      asIs: reliability(tiles.map(({ probability }) => probability)),
      temperature,
      atTemperature: temperature && {
        ...reliability(tiles.map(({ calibrated }) => calibrated!)),
        loss: meanLoss(upright, labels, classes.length, temperature.value),
      },
    },
    unsureBelow,
    tiles,
  };
}

/** The same with another bound of what is unsure; no tile goes through the network again. */
export const unsureBelow = (report: ClassReport, bound: number): ClassReport => ({
  ...report,
  unsureBelow: bound,
  tiles: report.tiles.map((tile) => ({ ...tile, unsure: tile.probability < bound })),
});

/** Tiles with a wrong answer, the surest first. */
export const wrongTiles = ({ tiles }: ClassReport): TileAnswer[] =>
  tiles.filter(({ right }) => !right).sort((a, b) => b.probability - a.probability);

/** Tiles whose answer is unsure, the least sure first. */
export const unsureTiles = ({ tiles }: ClassReport): TileAnswer[] =>
  tiles.filter(({ unsure }) => unsure).sort((a, b) => a.probability - b.probability);
