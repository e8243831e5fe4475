/** What the network says of the tile however it lies: a row for each element of the group, which turns the tile there. */
import type { CSSProperties } from 'react';
import type { OrbitMaps } from '../../lab/evaluate/orbit';
import { GROUPS } from '../../lab/symmetry/group';
import { wholePercent } from '../../state/words/format';
import { isOther, lieWords } from '../../state/words/orbit';
import { type OrbitTile, TileCanvas } from './canvases';
import classes from './OrbitPicture.module.css';

interface Props {
  readonly tile: OrbitTile;
  readonly shown: OrbitMaps;
  readonly element: number | null;
  readonly names: readonly string[];
  onTurn(angle: number): void;
  onMirror(mirrored: boolean): void;
}

export function OrbitAnswers({ tile, shown, element, names, onTurn, onMirror }: Props) {
  const { group, answers } = shown;
  return (
    <ul className={classes.answers} data-many={answers.length > 4 || undefined} aria-label="Answers by turn">
      {GROUPS[group].elements.map(({ turns, mirror }, k) => {
        const { answer, probability, undecided } = answers[k];
        const other = isOther(answers, k);
        const lie = { '--own': `rotate(${-90 * turns}deg) scaleX(${mirror ? -1 : 1})` } as CSSProperties;
        return (
          <li key={k}>
            <button
              type="button"
              className={classes.answer}
              aria-pressed={k === element}
              data-other={other || undefined}
              data-testid="orbit-answer"
              onClick={() => {
                onTurn(90 * turns);
                if (mirror !== (element !== null && GROUPS[group].elements[element].mirror)) onMirror(mirror);
              }}
            >
              <span className={classes.thumbnail} style={lie} aria-hidden="true">
                <TileCanvas tile={tile} />
              </span>
              <span className={classes.said}>
                <strong>
                  <bdi>{names[answer]}</bdi>
                </strong>
                <span className={classes.lie}>{lieWords(group, k)}</span>
              </span>
              <span className={classes.sure}>
                {undecided ? 'too close to call' : wholePercent(probability)}
                {other && <span className={classes.flip}>↯ changed</span>}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
