/** The two painted sets, some tiles of each class; and, when it may be told, what both networks learnt of them. */
import { useMemo } from 'react';
import type { Dataset } from '../../../lab/data/dataset';
import { wilsonInterval } from '../../../lab/evaluate/interval';
import { paintedWithoutUp, paintedWithUp } from '../../../lab/train/paintedSets';
import { progressOf, useProgress } from '../../../state/learn/lessonProgress';
import { interval } from '../../../state/words/format';
import type { ExhibitProps } from './exhibit';
import { MindPicture } from './MindPicture';
import classes from './SetsBoard.module.css';

/** Tiles of each class. */
const EACH = 4;

const SETS = {
  hasUp: {
    title: 'With an up: the class is the bright side',
    classes: ['bright below', 'bright at the right', 'bright above', 'bright at the left'],
    paint: paintedWithUp,
  },
  hasNone: {
    title: 'Without one: a tile may lie anyhow',
    classes: ['a spot', 'a frame', 'a stripe', 'a corner'],
    paint: paintedWithoutUp,
  },
} as const;
type SetName = keyof typeof SETS;

export function SetsBoard({ lesson, at, seen: { upright } }: ExhibitProps) {
  const { kind } = lesson.steps[at - 1];
  const answered = useProgress((state) => Boolean(progressOf(state, lesson.id).answers[at]));
  // One set a step where one is asked about; both before and after.
  const shown: readonly SetName[] =
    kind === 'question' ? ['hasUp'] : kind === 'task' ? ['hasNone'] : ['hasUp', 'hasNone'];
  const isTold = upright.status === 'done' && at > 1 && (kind !== 'question' || answered);
  return (
    <div className={classes.sets}>
      {shown.map((name) => (
        <section key={name} aria-label={SETS[name].title}>
          <p>{SETS[name].title}</p>
          <Tiles name={name} />
          {isTold && <Learnt {...upright.result[name]} tiles={upright.result.tiles} />}
        </section>
      ))}
      {upright.status === 'running' && <p className="caption">Training four networks …</p>}
    </div>
  );
}

function Tiles({ name }: { name: SetName }) {
  const { paint, classes: names } = SETS[name];
  const dataset = useMemo(() => paint(EACH * names.length), [paint, names]);
  return names.map((title, label) => (
    <div key={title} className={classes.row}>
      <span>{title}</span>
      {Array.from({ length: EACH }, (_, i) => i * names.length + label).map((tile) => (
        <MindPicture
          key={tile}
          size={dataset.size}
          channels={dataset.channels}
          pixels={pixelsOf(dataset, tile)}
          turns={0}
          label={title}
        />
      ))}
    </div>
  ));
}

function pixelsOf({ size, channels, pixels }: Dataset, tile: number): Uint8Array {
  const perTile = size * size * channels;
  return pixels.subarray(tile * perTile, (tile + 1) * perTile);
}

interface LearntProps {
  readonly symmetric: number;
  readonly plain: number;
  readonly tiles: number;
}

/** Accuracies with their intervals, as bars and figures. */
function Learnt({ symmetric, plain, tiles }: LearntProps) {
  return (
    <table className={classes.learnt} data-testid="learnt">
      <caption className="spoken">Accuracy on tiles that were not learned from</caption>
      <tbody>
        {(
          [
            ['Symmetric', symmetric],
            ['Plain', plain],
          ] as const
        ).map(([who, share]) => {
          const [low, high] = wilsonInterval(share, tiles);
          return (
            <tr key={who}>
              <th scope="row">{who}</th>
              <td>
                <div className={classes.track} aria-hidden="true">
                  <i className={classes.bar} style={{ width: `${100 * share}%` }} />
                  <i
                    className={classes.whisker}
                    style={{ left: `${100 * low}%`, right: `${100 * (1 - high)}%` }}
                  />
                </div>
                {interval(share, tiles)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
