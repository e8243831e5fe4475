/** One watched tile at its four quarter turns, and what each network answers there, at the slider's position. */
import { memo, useEffect, useRef } from 'react';
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { measuredCurve, useSheets } from '../../state/prune/sheets';
import { className as brokenName, tunedAnswer, watchedAnswer } from '../../state/prune/watching';
import { paintPicture } from '../parts/paint';
import { useCurve, useSheet } from './selectors';
import classes from './TurnedTile.module.css';

const TURNS = [0, 1, 2, 3];

export function TurnedTile({ i, truth }: { i: number; truth: string }) {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const nets = useLab(({ opened }) => opened!.nets);
  const setting = useExperiment(({ setting }) => setting);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const peer = useSheets(({ peer }) => peer);
  const { removed } = setting;
  const peerCurve = peer && measuredCurve(peer, setting.method, setting.compensation);
  // Its own place among the other network's: the same tiles, maybe fewer of them.
  const there = peer ? peer.watched.tiles.indexOf(sheet.watched.tiles[i]) : -1;
  const isTuned = tunedAnswer(sheet, tuned, i, 1) !== null;
  const rows = [
    {
      name: isTuned ? `${nets.main.name}, fine-tuned` : nets.main.name,
      answers: TURNS.map(
        (turn) => tunedAnswer(sheet, tuned, i, turn) ?? watchedAnswer(sheet, curve, removed, i, turn),
      ),
    },
    ...(peer && peerCurve && nets.peer && there >= 0
      ? [
          {
            name: nets.peer.name,
            answers: TURNS.map((turn) =>
              watchedAnswer(peer, peerCurve, Math.round((removed / sheet.units) * peer.units), there, turn),
            ),
          },
        ]
      : []),
  ];
  return (
    <div className={classes.turned} data-testid="turned-tile">
      <p className={classes.truth}>
        {truth}
        <span className="caption"> is its true class</span>
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            {TURNS.map((turn) => (
              <th key={turn} scope="col">
                <Picture row={i} turn={turn} />
                {90 * turn}°
              </th>
            ))}
          </tr>
        </thead>
        {rows.map(({ name, answers }) => (
          <tbody key={name}>
            <tr>
              <th colSpan={4} scope="rowgroup">
                {name}
              </th>
            </tr>
            <tr>
              {answers.map((answer, turn) => (
                <td key={TURNS[turn]} data-other={answer !== answers[0] || undefined}>
                  {answer !== answers[0] && '↯ '}
                  {brokenName(nets.main.classes, answer)}
                </td>
              ))}
            </tr>
          </tbody>
        ))}
      </table>
    </div>
  );
}

const Picture = memo(function Picture({ row, turn }: { row: number; turn: number }) {
  const { watched } = useSheet();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => paintPicture(canvas.current, watched, row), [watched, row]);
  // CSS turns clockwise, the lab counter-clockwise.
  return (
    <canvas ref={canvas} width={watched.size} height={watched.size} style={{ rotate: `${-90 * turn}deg` }} />
  );
});
