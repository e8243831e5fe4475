/**
 * Units inside the blocks of a transformer, or filters of a network from elsewhere, under the slider. Each stop of each curve
 * is a network of its own, so a sheet grows by a curve at a time, while nobody waits for anything else.
 */
import { interleaveClasses } from '../../lab/data/split/interleave';
import { logitsAt } from '../../lab/evaluate/rotation';
import { type Stop, stopAt } from '../../lab/prune/blocks/stops';
import { checkOn, type Filling, rankedOtherwise } from '../../lab/prune/blocks/study';
import { BLOCK_TUNING } from '../../lab/prune/blocks/tuning';
import { isFilterCompensation } from '../../lab/prune/filters/choice';
import { filterChoice } from '../../lab/prune/filters/study';
import { compensationsOf } from '../../lab/prune/neurons/compensate';
import { type Sheet, type SheetCurve, WATCH_ANY, type Watch } from '../../lab/prune/neurons/sheet';
import { watchedAmong, watchedRows } from '../../lab/prune/neurons/watched';
import { measureStopExtraction } from '../../lab/prune/stops/extraction';
import { openStudy } from '../../lab/prune/stops/open';
import { removalOf, type StopStudy } from '../../lab/prune/stops/removal';
import { curveOf, curvesFrom, sheetWith } from '../../lab/prune/stops/sheet';
import { keepingTuning } from '../../lab/prune/tuning/keptTuning';
import { tuningSession } from '../../lab/prune/tuning/session';
import { accuracyOn, finetuneWhole } from '../../lab/prune/tuning/whole';
import { blockStep, filterStep, type HandStep } from '../../lab/recipe/handmade';
import { finetuneSettingsSchema } from '../../lab/train/settings';
import type { NetName, Setting, Way } from '../protocol/choices';
import type { JobCommand } from '../protocol/commands';
import type { JobEvent } from '../protocol/results';
import type { Candidate } from './candidate';
import { type EarlierStops, tilesOfCurves } from './earlierStops';
import { naming } from './reporting';
import type { Slider } from './slider';

const SETTINGS = finetuneSettingsSchema.parse(BLOCK_TUNING);

const LOOKING = 'looking at what each unit answers';
const MEASURING = 'measuring a curve';

type OpenCommand = Extract<JobCommand, { type: 'open' }>;

export class StopSlider implements Slider {
  readonly study = null;
  readonly #studies = new Map<string, StopStudy>();
  readonly #curves = new Map<string, SheetCurve[]>();
  /** Chosen along the first curve of all; the same tiles from then on. */
  #watch: Watch = WATCH_ANY;

  /** `now`: by what was turned to last. */
  private constructor(
    private readonly candidate: Candidate,
    private readonly seed: number,
    private readonly earlier: EarlierStops,
    private now: StopStudy,
  ) {
    this.#studies.set(now.unit, now);
  }

  /**
   * Opens the network `net`: a first curve on `firstTiles` tiles, then the same curve on all that curves are measured on.
   * What an earlier visit has left of that is told instead.
   */
  static async *open(
    net: NetName,
    candidate: Candidate,
    { way, chosen, seed, firstTiles }: Pick<OpenCommand, 'way' | 'chosen' | 'seed' | 'firstTiles'>,
    earlier: EarlierStops,
  ): AsyncGenerator<JobEvent, StopSlider, void> {
    const { model, dataset, splits } = candidate;
    let watch = WATCH_ANY;
    const some = (part: Uint32Array, most: number) => evenly(dataset.labels, part, most);
    const tiles = { dataset, train: splits.train, val: some(splits.val, tilesOfCurves(splits.val.length)) };
    let study = await earlier.study(model, tiles, way);
    if (!study && splits.val.length > firstTiles) {
      const few = { dataset, train: some(splits.train, firstTiles), val: some(splits.val, firstTiles) };
      const early = yield* naming(openStudy(model, few, way, seed), LOOKING);
      const { curve, rows } = yield* naming(curveOf(early, possible(chosen, early)), MEASURING);
      watch = watching(early, rows);
      yield { type: 'sheet', net, sheet: sheetOf(early, [curve], watch, splits.val.length) };
    }
    study ??= yield* naming(openStudy(model, tiles, way, seed), LOOKING);
    const slider = new StopSlider(candidate, seed, earlier, study);
    slider.#watch = watch;
    await slider.recall();
    yield* slider.show(net, chosen);
    return slider;
  }

  get model() {
    return this.now.model;
  }

  get dataset() {
    return this.candidate.dataset;
  }

  get splits() {
    return this.candidate.splits;
  }

  get key(): string {
    const { unit, ranking } = this.now;
    return unit === 'filter' ? unit : `blocks ${unit} ${ranking}`;
  }

  /** Turns to other units, or to another ranking; what is known of both stays. */
  async *turnTo({ unit, ranking }: Way): AsyncGenerator<JobEvent, void, void> {
    if (this.now.unit === 'filter') return;
    let study = this.#studies.get(unit);
    if (!study) {
      const { dataset, train, val } = this.now;
      const tiles = { dataset, train, val };
      const way = { unit, ranking };
      study =
        (await this.earlier.study(this.model, tiles, way)) ??
        (yield* naming(openStudy(this.model, tiles, way, this.seed), LOOKING));
      this.#studies.set(unit, study);
    }
    this.now = study.unit === 'filter' ? study : rankedOtherwise(study, ranking);
    await this.recall();
  }

  /** Takes the curves that an earlier visit measured, where none is known yet. */
  private async recall(): Promise<void> {
    if (this.#curves.has(this.key)) return;
    const sheet = await this.earlier.sheet(this.now);
    if (!sheet) return;
    const { tiles } = this.#watch;
    // Curves that tell of other tiles are measured anew.
    if (tiles && `${tiles}` !== `${sheet.watched.tiles}`) return;
    this.#watch = { ...WATCH_ANY, tiles: sheet.watched.tiles };
    this.#curves.set(this.key, [...sheet.curves]);
  }

  /** Tells the sheet, with this curve. */
  async *show(net: NetName, wanted: Filling): AsyncGenerator<JobEvent, void, void> {
    const filling = possible(wanted, this.now);
    if (this.isMissing(filling)) yield* this.measure(net, filling);
    else yield { type: 'sheet', net, sheet: this.sheet() };
  }

  /** Filters are ranked in one way. */
  isAt({ unit, ranking }: Way): boolean {
    return this.now.unit === 'filter' || (this.now.unit === unit && this.now.ranking === ranking);
  }

  private isMissing({ method, compensation }: Filling): boolean {
    return !this.curves().some((curve) => curve.method === method && curve.compensation === compensation);
  }

  /** A curve that is missing still, that or one like it first; null where none is. */
  missing(chosen: Filling): Filling | null {
    return curvesFrom(chosen, this.now.unit).find((filling) => this.isMissing(filling)) ?? null;
  }

  /** Measures a curve, and tells the sheet with it; the next visit has it too. */
  async *measure(net: NetName, filling: Filling): AsyncGenerator<JobEvent, void, void> {
    const { key } = this;
    const { curve, rows } = yield* naming(curveOf(this.now, filling, this.#watch), MEASURING);
    this.#watch = watching(this.now, rows);
    this.#curves.set(key, [...(this.#curves.get(key) ?? []), curve]);
    const sheet = this.sheet();
    void this.earlier.keep(this.now, sheet);
    yield { type: 'sheet', net, sheet };
  }

  sheet(): Sheet {
    return sheetOf(this.now, this.curves(), this.#watch, this.splits.val.length);
  }

  settingsOf() {
    return SETTINGS;
  }

  extract(setting: Setting) {
    return measureStopExtraction(this.now, setting, this.stopOf(setting));
  }

  async *prune(setting: Setting) {
    const model = this.prunedAt(setting);
    const figures = yield* checkOn(model, this.whole());
    const baseline = yield* accuracyOn(this.model, this.dataset, this.splits.val);
    return { model, step: this.stepOf(setting, { ...figures, baseline }) };
  }

  finetune(setting: Setting, checkpointing: Parameters<Slider['finetune']>[1]) {
    const { model: unpruned, dataset, splits, seed } = this;
    const pruned = this.prunedAt(setting);
    const whole = this.whole();
    const { tiles } = this.#watch;
    const watched = tiles ? watchedAmong(splits.val, tiles) : new Map<number, number>();
    return tuningSession(checkpointing, {
      choice: this.choiceOf(setting).choice,
      prune: async function* (this: void) {
        const baseline = yield* accuracyOn(unpruned, dataset, splits.val);
        return { pruned, baseline, start: yield* accuracyOn(pruned, dataset, splits.val) };
      },
      tune: (pruned, target) =>
        keepingTuning(pruned, target, checkpointing, async function* (resume) {
          const teacher = yield* logitsAt(unpruned, dataset, splits.train, 0);
          const known = { ...target, teacher, watched };
          return yield* finetuneWhole(unpruned, pruned, dataset, splits, SETTINGS, seed, resume, known);
        }),
      check: (tuned) => checkOn(tuned, whole, watched),
    });
  }

  stepOf(setting: Setting, figures: Parameters<Slider['stepOf']>[1]) {
    return this.choiceOf(setting).step(figures);
  }

  /** What is done at a setting, as it is kept, and as a recipe says it. */
  private choiceOf(setting: Setting) {
    const { now } = this;
    const { method, compensation } = setting;
    const { ratio } = this.stopOf(setting);
    if (now.unit === 'filter') {
      const filling = { method, compensation: isFilterCompensation(compensation) ? compensation : 'none' };
      const choice = filterChoice(now, filling as Parameters<typeof filterChoice>[1], ratio);
      return { choice, step: (figures: HandStep['figures']) => filterStep(choice, figures) };
    }
    const { unit, ranking, seed } = now;
    const choice = { unit, ranking, seed, method, compensation, ratio };
    return { choice, step: (figures: HandStep['figures']) => blockStep(choice, figures) };
  }

  private prunedAt = (setting: Setting) => removalOf(this.now).pruned(setting, this.stopOf(setting));

  private stopOf = ({ removed }: Setting): Stop => stopAt(this.now.stops, removed);

  /** All tiles, on which a network is chosen and told of. */
  private whole = () => ({ ...this.now, val: this.splits.val });

  private curves = (): readonly SheetCurve[] => this.#curves.get(this.key) ?? [];
}

/** A link may name what other networks have. */
const possible = (filling: Filling, { unit }: StopStudy): Filling =>
  compensationsOf(unit).includes(filling.compensation) ? filling : { ...filling, compensation: 'none' };

const sheetOf = (study: StopStudy, curves: readonly SheetCurve[], watch: Watch, ofTiles: number): Sheet =>
  sheetWith(study, curves, rowsIn(study.val, watch), ofTiles, tilesOfCurves(ofTiles));

const watching = ({ val }: StopStudy, rows: Uint32Array): Watch => ({
  ...WATCH_ANY,
  tiles: rows.map((row) => val[row]),
});

const rowsIn = (val: Uint32Array, { tiles }: Watch): Uint32Array =>
  tiles ? watchedRows(val, tiles) : new Uint32Array();

/** At most so many of some tiles, evenly of each class. */
function evenly(labels: Uint8Array, tiles: Uint32Array, most: number): Uint32Array {
  if (tiles.length <= most) return tiles;
  const order = interleaveClasses(Uint8Array.from(tiles, (tile) => labels[tile]));
  return Uint32Array.from(order.subarray(0, most).sort(), (at) => tiles[at]);
}
