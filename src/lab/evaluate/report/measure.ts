/** A network run on the tiles of one part, and the report of what it answers. */
import type { Dataset, Splits } from '../../data/dataset';
import { officialParts } from '../../data/parts';
import type { AnyModel } from '../../nn/model';
import { mapEvents, type Stage } from '../../stage/events';
import { logitsAt, logitsAtAngles, QUARTERS } from '../rotation';
import { UNSURE } from '../unsure';
import { type ClassReport, classReport } from './classReport';
import { figuresMarkdown, type ReportFacts } from './document';

export interface Measured {
  readonly model: AnyModel;
  /** At the network's input size, with its classes. */
  readonly dataset: Dataset;
  /** Of the part: indices. */
  readonly tiles: Uint32Array;
  /** Absent where no split was made. */
  readonly validation: Uint32Array | undefined;
  /** By degrees, upright at least. */
  readonly logits: ReadonlyMap<number, Float32Array>;
  readonly part: ReportFacts['part'];
}

/** The report of one part. Validation tiles go through the network only where they are not the part itself. */
export async function* measureReport(
  { model, dataset, tiles, validation, logits, part }: Measured,
  unsureBelow = UNSURE,
): Stage<ClassReport> {
  const labelsOf = (indices: Uint32Array) => Array.from(indices, (i) => dataset.labels[i]);
  const chooses = validation && {
    logits: part === 'val' ? logits.get(0)! : yield* logitsAt(model, dataset, validation, 0),
    labels: labelsOf(validation),
  };
  return classReport({
    classes: model.classes,
    keys: Array.from(tiles, (i) => dataset.keys[i]),
    labels: labelsOf(tiles),
    logits: QUARTERS.flatMap((degrees) => logits.get(degrees) ?? []),
    ...(chooses && { validation: chooses }),
    unsureBelow,
  });
}

/** The same from the beginning, at the four quarter turns; its progress counts every pass of a tile. */
export async function* reportOf(
  model: AnyModel,
  dataset: Dataset,
  splits: Splits,
  part: 'val' | 'test',
): Stage<ClassReport> {
  const tiles = splits[part];
  const turns = QUARTERS.length * tiles.length;
  const total = turns + (part === 'val' ? 0 : splits.val.length);
  const logits = yield* mapEvents(logitsAtAngles(model, dataset, tiles, QUARTERS), (event) =>
    event.type === 'progress' ? { ...event, what: 'tiles', total } : event,
  );
  const measured = { model, dataset, tiles, validation: splits.val, logits, part };
  return yield* mapEvents(measureReport(measured), (event) =>
    event.type === 'progress' ? { ...event, what: 'tiles', done: turns + event.done, total } : event,
  );
}

/** How a network does on the test tiles of a split, as Markdown; null where there are none. */
export async function* testFigures(
  model: AnyModel,
  dataset: Dataset,
  { val, test }: Splits,
): Stage<string | null> {
  if (test.length === 0) return null;
  const logits = new Map([[0, yield* logitsAt(model, dataset, test, 0)]]);
  const measured = { model, dataset, tiles: test, validation: val, logits, part: 'test' as const };
  const report = yield* measureReport(measured);
  return figuresMarkdown(report, `${test.length} test tiles of ${dataset.title}`, 'test');
}

/** "27 test tiles of EuroSAT". */
export const partWords = (n: number, part: string, dataset: Dataset): string =>
  `${n} ${part} tiles of ${dataset.title}${officialParts(dataset) ? ', split by its own parts' : ''}`;
