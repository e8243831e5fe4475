/**
 * The neurons in the order in which they go, on the slider's scale: as high as their saliency, dead ones hollow, those
 * that have gone faded. Pointing at one, or moving along with the arrow keys, picks it.
 */
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useRef } from 'react';
import type { Sheet, SheetCurve } from '../../lab/prune/neurons/sheet';
import { useLab } from '../../state/page/lab';
import { useExperiment } from '../../state/prune/experiment';
import { pointAt, unitAt } from '../../state/prune/neuron';
import { layerOf, unitWords } from '../../state/prune/unitNames';
import { capital, count } from '../../state/words/format';
import { neuronSentence } from '../../state/words/prune';
import { METHOD_LOOKS } from '../parts/methods';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './NeuronStrip.module.css';
import { useCurve, useNeuronFacts, useSheet } from './selectors';
import { neuronsTable } from './tables';

const NO_CLASSES: readonly string[] = [];

export function NeuronStrip() {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const { units } = sheet;
  const facts = useNeuronFacts();
  const gone = useExperiment(({ setting }) => facts.place <= setting.removed);
  const classNames = useLab(({ opened }) => opened?.nets.main.classes ?? NO_CLASSES);
  const go = (place: number) => pointAt(unitAt(curve, place));
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    go(1 + Math.floor(((event.clientX - left) / width) * units));
  };
  const begun = useRef({ x: 0, y: 0 });
  /** Whether a finger is about to scroll the page. */
  const goesDown = ({ pointerType, clientX, clientY }: PointerEvent) => {
    const { x, y } = begun.current;
    return pointerType === 'touch' && Math.abs(clientY - y) >= Math.abs(clientX - x);
  };
  const page = Math.max(1, Math.round(units / 10));
  const press = (event: KeyboardEvent) => {
    const target = {
      ArrowLeft: facts.place - 1,
      ArrowDown: facts.place - 1,
      ArrowRight: facts.place + 1,
      ArrowUp: facts.place + 1,
      PageDown: facts.place - page,
      PageUp: facts.place + page,
      Home: 1,
      End: units,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  };
  return (
    <>
      <div
        className={classes.strip}
        role="slider"
        tabIndex={0}
        aria-label={`${capital(unitWords(sheet.unit).short)} to look at`}
        aria-valuemin={1}
        aria-valuemax={units}
        aria-valuenow={facts.place}
        aria-valuetext={neuronSentence(facts, gone, classNames)}
        onPointerMove={(event) => !goesDown(event) && point(event)}
        onPointerDown={(event) => {
          begun.current = { x: event.clientX, y: event.clientY };
          if (event.pointerType !== 'touch') point(event);
        }}
        onPointerUp={(event) => event.pointerType === 'touch' && point(event)}
        onKeyDown={press}
      >
        <Cells sheet={sheet} curve={curve} />
        <Gone units={units} />
        <div className={classes.picked} style={{ left: `${(100 * (facts.place - 0.5)) / units}%` }} />
      </div>
      <StripCaption sheet={sheet} curve={curve} />
    </>
  );
}

/** Over the neurons that are removed: all that moves here while the slider does. */
function Gone({ units }: { units: number }) {
  const removed = useExperiment(({ setting }) => setting.removed);
  return <div className={classes.gone} style={{ width: `${(100 * removed) / units}%` }} />;
}

const StripCaption = memo(function StripCaption({ sheet, curve }: { sheet: Sheet; curve: SheetCurve }) {
  const dead = useMemo(() => sheet.dead.reduce((sum, flag) => sum + flag, 0), [sheet]);
  const tiles = count(sheet.statisticsTiles, 'training tile');
  const { name } = METHOD_LOOKS[curve.method];
  const { short } = unitWords(sheet.unit);
  return (
    <div className={classes.caption}>
      <p className={`caption ${classes.says}`}>
        Each {short} in the order in which they go, as high as its saliency ({name}); faded: gone.
        {sheet.layers.length > 1 && ` A row for each ${sheet.makers ? 'layer' : 'block'}, the first on top.`}{' '}
        {dead === 0
          ? `None is dead: each output changes on some of ${tiles}.`
          : `${dead} of ${sheet.units} are dead (hollow): their output never changes on ${tiles}.`}
      </p>
      <SaveMenu
        what={`${short}s in the order in which they go`}
        table={() => neuronsTable(sheet, curve, useLab.getState().opened!)}
        picture="[aria-label=Neurons]"
      />
    </div>
  );
});

/** Of all rows together, and the gap between two. */
const HEIGHT = 30;
const GAP = 2;
/** Of a cell whose saliency is next to nothing, and of a dead one. */
const LOWEST = 0.16;

/** All cells as two shapes, however many there are; a row for each layer. */
const Cells = memo(function Cells({
  sheet: { units, dead, layers },
  curve,
}: {
  sheet: Sheet;
  curve: SheetCurve;
}) {
  const { order, saliency } = curve;
  const largest = saliency[order[0]];
  const cell = (unit: number, at: number) => {
    const share = dead[unit] || largest === 0 ? LOWEST : Math.max(LOWEST, saliency[unit] / largest);
    const row = (HEIGHT + GAP) / layers.length - GAP;
    const bottom = (layerOf(layers, unit) + 1) * (row + GAP) - GAP;
    const height = row * share;
    // Of a thousand and more each is thinner than a pixel: there gaps would only pale it.
    const gap = units > 600 ? 0 : units > 200 ? 0.16 : 0.12;
    return `M${at + gap} ${bottom}v${-height}h${1 - 2 * gap}v${height}z`;
  };
  const cells = Array.from({ length: units }, (_, at) => ({ unit: order[units - 1 - at], at }));
  const path = (isDead: 0 | 1) =>
    cells
      .filter(({ unit }) => dead[unit] === isDead)
      .map(({ unit, at }) => cell(unit, at))
      .join('');
  return (
    <svg
      className={classes.cells}
      viewBox={`0 0 ${units} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={path(0)} className={classes.alive} />
      <path d={path(1)} className={classes.dead} />
    </svg>
  );
});
