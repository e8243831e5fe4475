/** The slider over accuracy against the share removed, on one scale; under it, what is drawn and what it says. */
import { Suspense } from 'react';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { useIsHidden } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { useExperiment } from '../../state/prune/experiment';
import { pruneFacts, useSheets } from '../../state/prune/sheets';
import { percent } from '../../state/words/format';
import { pruneSentence, tilesSentence } from '../../state/words/prune';
import { lazyView } from '../parts/lazyView';
import { progressText } from '../parts/progress';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './CurveCard.module.css';
import { CurveCursor } from './CurveCursor';
import { Later } from './Later';
import { MethodLegend } from './MethodLegend';
import { PruneSlider } from './PruneSlider';
import { useSheet } from './selectors';
import { curveTable } from './tables';

/** The slider does not wait for what draws lines: that is fetched beside it. */
const loadChart = () => import('./CurveChart').then(({ CurveChart }) => ({ default: CurveChart }));
const CurveChart = lazyView(loadChart);
// Where this fails, it is loaded again when it is drawn.
loadChart().catch(() => {});

export function CurveCard() {
  const hidesMethods = useIsHidden('methods');
  const hidesCompensation = useIsHidden('compensation');
  return (
    <>
      <PruneSlider />
      <figure className={classes.figure}>
        <div className={classes.head}>
          <p className={`caption ${classes.unit}`} aria-hidden="true">
            Validation accuracy, %
          </p>
          <SaveMenu
            what="accuracy curves"
            table={() => curveTable(useSheets.getState().main!, useLab.getState().opened!)}
          />
        </div>
        <div className={classes.plot}>
          <div className={classes.chart}>
            <Later>
              <Suspense>
                <CurveChart />
              </Suspense>
            </Later>
          </div>
          <CurveCursor />
        </div>
        <div className={classes.under}>
          {!(hidesMethods && hidesCompensation) && (
            <Later place={<div className={classes.legend} />}>
              <MethodLegend />
            </Later>
          )}
          <div className={classes.words}>
            <PruneSentence />
            <Caption />
            <Remaining />
          </div>
        </div>
      </figure>
    </>
  );
}

/** Shown at every tick; read out only when the slider rests. */
function PruneSentence() {
  const sheet = useSheet();
  const setting = useExperiment(({ setting }) => setting);
  const settled = useExperiment(({ settled }) => settled);
  return (
    <>
      <p className={classes.sentence} data-testid="prune-sentence" aria-hidden="true">
        {pruneSentence(pruneFacts(sheet, setting))}
      </p>
      <p className="spoken" aria-live="polite">
        {pruneSentence(pruneFacts(sheet, settled))}
      </p>
    </>
  );
}

function Caption() {
  const sheet = useSheet();
  const opened = useLab(({ opened }) => opened);
  const baseline = sheet.curves[0].accuracy[0][sheet.units];
  const [low, high] = wilsonInterval(baseline, sheet.tiles);
  return (
    <figcaption className={`caption ${classes.caption}`}>
      {tilesSentence(sheet.tiles, sheet.ofTiles, opened?.split.seed ?? 0, sheet.aim)} The whisker at the dot
      is the 95 % interval that so few tiles leave; unpruned, {percent(baseline)}, it is {percent(low)} to{' '}
      {percent(high)}.
    </figcaption>
  );
}

/** While the remaining tiles are run, or further curves; its line is kept afterwards, so that nothing jumps. */
function Remaining() {
  const progress = useLab(({ status, progress }) =>
    status === 'alive' || status === 'ready' ? progress : null,
  );
  return <p className={`caption ${classes.progress}`}>{progress && `${progressText(progress)}.`}</p>;
}
