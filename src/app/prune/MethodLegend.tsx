/**
 * The methods in rows, the compensations in columns: which of them prunes (the row's and the column's radio button),
 * and which curves are drawn beside it (a line in each cell).
 */

import { Mark } from '../../charts/marks';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { compensationsOf } from '../../lab/prune/neurons/compensate';
import { useIsHidden } from '../../state/page/flags';
import {
  type CurveName,
  curveKey,
  forgetCurves,
  isShown,
  toggleCurve,
  useCurves,
} from '../../state/prune/curves';
import { settle, useExperiment } from '../../state/prune/experiment';
import { measuredCurve } from '../../state/prune/sheets';
import { COMPENSATION_SENTENCES, CRITERION_SENTENCES } from '../../state/words/choices';
import { capital } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { COMPENSATION_LOOKS, METHOD_LOOKS, markOnLine } from '../parts/methods';
import classes from './MethodLegend.module.css';
import { useSheet } from './selectors';

const METHOD_WORDS =
  'What ranks the units; those with the lowest saliency go first. What the chosen one measures stands beside.';
const COMPENSATION_WORDS =
  'What takes the place of removed units, without any training. What the chosen one does stands beside.';

export function MethodLegend() {
  const method = useExperiment(({ setting }) => setting.method);
  const compensation = useExperiment(({ setting }) => setting.compensation);
  const hasWishes = useCurves(({ wishes }) => Object.keys(wishes).length > 0);
  const hidesMethods = useIsHidden('methods');
  const hidesCompensation = useIsHidden('compensation');
  const methods = hidesMethods ? [method] : CRITERION_IDS;
  const sheet = useSheet();
  const compensations = hidesCompensation ? [compensation] : compensationsOf(sheet.unit);
  const chosen = { method, compensation };
  return (
    <div className={classes.legend}>
      <table className={classes.table}>
        <caption className="spoken">
          Pruning methods by compensation: choose one of each; show or hide the curve of any
        </caption>
        <thead>
          {!hidesCompensation && (
            <tr className={classes.over}>
              <td />
              <th scope="colgroup" colSpan={compensations.length}>
                <Explained term="compensation" text={COMPENSATION_WORDS}>
                  Compensation
                </Explained>
              </th>
            </tr>
          )}
          <tr>
            <td className={classes.corner}>
              <Explained term="criterion" text={METHOD_WORDS}>
                Method
              </Explained>
            </td>
            {compensations.map((id) => (
              <th key={id} scope="col">
                <label title={capital(COMPENSATION_SENTENCES[id])} className={classes.choice}>
                  <input
                    type="radio"
                    name="compensation"
                    checked={id === compensation}
                    disabled={!measuredCurve(sheet, method, id)}
                    aria-label={`Compensation: ${COMPENSATION_LOOKS[id].name}`}
                    onChange={() => settle({ compensation: id })}
                  />
                  {COMPENSATION_LOOKS[id].name}
                </label>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {methods.map((id) => (
            <tr key={id} data-chosen={id === method || undefined}>
              <th scope="row">
                <label className={classes.choice} title={capital(CRITERION_SENTENCES[id])}>
                  <input
                    type="radio"
                    name="method"
                    checked={id === method}
                    disabled={!measuredCurve(sheet, id, compensation)}
                    aria-label={`Method: ${METHOD_LOOKS[id].name}`}
                    onChange={() => settle({ method: id })}
                  />
                  {METHOD_LOOKS[id].name}
                </label>
              </th>
              {compensations.map((each) => (
                <td key={each}>
                  {measuredCurve(sheet, id, each) ? (
                    <Toggle chosen={chosen} curve={{ method: id, compensation: each }} />
                  ) : (
                    <span className={classes.coming} title="Not measured yet">
                      …
                    </span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`caption ${classes.foot}`} data-unsaved>
        Press a line to show or hide it.{' '}
        <button type="button" className={classes.usual} disabled={!hasWishes} onClick={forgetCurves}>
          As at first
        </button>
      </p>
    </div>
  );
}

function Toggle({ chosen, curve }: { chosen: CurveName; curve: CurveName }) {
  const shown = useCurves(({ wishes }) => isShown(wishes, chosen, curve));
  const isChosen = curveKey(curve) === curveKey(chosen);
  const { name, colour, dash } = METHOD_LOOKS[curve.method];
  const { name: compensation, mark } = COMPENSATION_LOOKS[curve.compensation];
  const stroke = isChosen ? 'var(--accent)' : colour;
  return (
    <button
      type="button"
      className={classes.toggle}
      data-chosen={isChosen || undefined}
      aria-pressed={shown}
      aria-label={`Show the curve of ${name}, compensation ${compensation.toLowerCase()}`}
      disabled={isChosen}
      onClick={() => toggleCurve(chosen, curve)}
    >
      <svg width="52" height="14" aria-hidden="true">
        <line
          x1="2"
          x2="50"
          y1="7"
          y2="7"
          stroke={stroke}
          strokeWidth={isChosen ? 3 : 1.8}
          strokeDasharray={isChosen ? undefined : dash}
        />
        {mark && [13, 39].map((x) => <Mark key={x} look={markOnLine(mark, stroke)} x={x} y={7} />)}
      </svg>
    </button>
  );
}
