/** Accuracy against the share removed, under the slider's thumb and on its scale; what is drawn and how, in the details. */
import { Suspense } from 'react';
import { wilsonInterval } from '../../lab/evaluate/interval';
import { useIsHidden } from '../../state/page/flags';
import { useLab } from '../../state/page/lab';
import { useExperiment } from '../../state/prune/experiment';
import { useSheets } from '../../state/prune/sheets';
import { COMPENSATION_SENTENCES, CRITERION_SENTENCES } from '../../state/words/choices';
import { percent } from '../../state/words/format';
import { tilesSentence } from '../../state/words/prune';
import { Explained } from '../parts/Explained';
import { lazyView } from '../parts/lazyView';
import { COMPENSATION_LOOKS, METHOD_LOOKS } from '../parts/methods';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './CurveCard.module.css';
import { CurveCursor } from './CurveCursor';
import { Later } from './Later';
import { MethodLegend } from './MethodLegend';
import { useSheet } from './selectors';
import { curveTable } from './tables';

/** The slider does not wait for what draws lines: that is fetched beside it. */
const loadChart = () => import('./CurveChart').then(({ CurveChart }) => ({ default: CurveChart }));
const CurveChart = lazyView(loadChart);
// Where this fails, it is loaded again when it is drawn.
loadChart().catch(() => {});

export function Curve({ className }: { className: string }) {
  return (
    <figure className={`${className} ${classes.figure}`}>
      <div className={classes.head}>
        <p className={`caption ${classes.unit}`}>
          <Explained
            term="parts"
            text="Share of the validation tiles that are answered right, against the share removed. They teach nothing; they choose."
          >
            Validation accuracy, %
          </Explained>
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
    </figure>
  );
}

/** Which curves there are and which one prunes, and on which tiles they were measured. */
export function CurveDetails() {
  const hidesMethods = useIsHidden('methods');
  const hidesCompensation = useIsHidden('compensation');
  return (
    <div className={classes.under}>
      {!(hidesMethods && hidesCompensation) && (
        <Later place={<div className={classes.legend} />}>
          <MethodLegend />
        </Later>
      )}
      <div className={classes.words}>
        <Chosen />
        <Caption />
      </div>
    </div>
  );
}

/** What the chosen method and compensation do: a choice says it by pointing at it alone. */
function Chosen() {
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  return (
    <p className={classes.chosen} aria-live="polite" data-testid="chosen-way">
      <strong>{METHOD_LOOKS[method].name}</strong>: {CRITERION_SENTENCES[method]}
      <br />
      <strong>{COMPENSATION_LOOKS[compensation].name}</strong>: {COMPENSATION_SENTENCES[compensation]}
    </p>
  );
}

function Caption() {
  const sheet = useSheet();
  const opened = useLab(({ opened }) => opened);
  const baseline = sheet.curves[0].accuracy[0][sheet.units];
  const [low, high] = wilsonInterval(baseline, sheet.tiles);
  return (
    <p className={`caption ${classes.caption}`}>
      {tilesSentence(sheet.tiles, sheet.ofTiles, opened?.split.seed ?? 0, sheet.aim)} The whisker at the dot
      is the 95 % interval that so few tiles leave; unpruned, {percent(baseline)}, it is {percent(low)} to{' '}
      {percent(high)}.
    </p>
  );
}
