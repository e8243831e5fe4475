/** A scene with the boxes that are there and those that the network finds; turned by quarters, the boxes turn with it or not. */
import { Button, Group, SegmentedControl, Slider, Title } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Box } from '../../lab/detection/boxes';
import { movedBoxes } from '../../lab/detection/moved';
import { tallyOf } from '../../lab/detection/precision';
import type { SeenScene, ShownScene } from '../../lab/detection/shown';
import { MOST, NUMBERS, shownKey, type TasksForm, useTasks, wantedOf } from '../../state/tasks/form';
import { shownBy, useTasksKnown } from '../../state/tasks/known';
import { wholePercent } from '../../state/words/format';
import { FOUND_AT, movedSentence, tallySentence } from '../../state/words/tasks';
import { paintRgb } from '../parts/paint';
import { WholeNumber } from '../parts/WholeNumber';
import classes from './SceneCard.module.css';

export function SceneCard() {
  const form = useTasks();
  const wanted = wantedOf(form, form.way);
  const asked = useTasksKnown(({ scenes }) => shownBy(scenes, wanted));
  const busy = useTasksKnown(({ busy }) => busy);
  const isOld = asked?.key !== shownKey(form, asked?.of ? wanted : null);
  const take = (scene: number) => useTasks.setState({ scene });
  return (
    <section className="card" aria-labelledby="scene-title" aria-busy={isOld}>
      <div className={classes.head}>
        <Title order={3} size="h5" id="scene-title">
          A scene that no network has seen
        </Title>
        <Group gap={8}>
          <WholeNumber label="Scene" {...NUMBERS} value={form.scene} onTake={take} />
          <Button size="compact-sm" variant="default" onClick={() => take((form.scene + 1) % (MOST + 1))}>
            A new scene
          </Button>
        </Group>
      </div>
      {asked ? (
        <Shown scene={asked.shown} form={form} />
      ) : (
        <p className={`caption ${classes.empty}`}>{busy ? `${busy} …` : ''}</p>
      )}
    </section>
  );
}

function Shown({ scene, form }: { scene: ShownScene; form: TasksForm }) {
  const { turns, confidence } = form;
  const seen = scene.turns[turns];
  const sure = ({ detections }: SeenScene) => detections?.filter(({ score }) => score >= confidence) ?? null;
  const [here, upright] = [sure(seen), sure(scene.turns[0])];
  const tally = here && tallyOf(seen.truths, here, FOUND_AT);
  return (
    <div className={classes.shown}>
      <Picture scene={scene} seen={{ ...seen, detections: here }} turns={turns} />
      <div className={classes.side}>
        <Group gap={6}>
          <span className="caption" id="scene-turn-label">
            Turn the scene
          </span>
          <SegmentedControl
            size="xs"
            aria-labelledby="scene-turn-label"
            data={[0, 1, 2, 3].map((each) => ({ value: String(each), label: `${90 * each}°` }))}
            value={String(turns)}
            onChange={(value) => useTasks.setState({ turns: Number(value) })}
          />
        </Group>
        <div>
          <span className="caption" id="confidence-label">
            Boxes of a confidence of at least {wholePercent(confidence)}
          </span>
          <Slider
            mt={4}
            min={5}
            max={95}
            step={5}
            value={Math.round(100 * confidence)}
            label={null}
            onChange={(value) => useTasks.setState({ confidence: value / 100 })}
            thumbLabel="Least confidence of the boxes shown"
            thumbValueText={(value) => `${value} %`}
          />
        </div>
        <p className={classes.says} data-testid="scene-tally" aria-live="polite">
          {tallySentence(tally, seen.truths.length, confidence)}
        </p>
        {here && upright && (
          <p className={classes.says} data-testid="moved-sentence">
            {movedSentence(turns, movedBoxes(upright, here, scene.side, turns))}
          </p>
        )}
        <ul className={classes.key}>
          <li>
            <span className={classes.truthKey} /> what is there
          </li>
          <li>
            <span className={classes.foundKey} /> what the network says, with its confidence
          </li>
        </ul>
      </div>
    </div>
  );
}

interface PictureProps {
  readonly scene: ShownScene;
  readonly seen: SeenScene;
  readonly turns: number;
}

function Picture({ scene: { side, classes: names }, seen, turns }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => paintRgb(canvas.current, side, side, seen.pixels), [seen.pixels, side]);
  const listed = (some: readonly { readonly label: number }[]) =>
    some.map(({ label }) => names[label]).join(', ') || 'nothing';
  const label =
    `Scene at ${90 * turns}°. There: ${listed(seen.truths)}.` +
    (seen.detections ? ` The network says: ${listed(seen.detections)}.` : '');
  return (
    <div className={classes.picture} role="img" aria-label={label} data-testid="scene-picture">
      <canvas ref={canvas} width={side} height={side} />
      <svg viewBox={`0 0 ${side} ${side}`} aria-hidden="true">
        {seen.truths.map(({ box }, i) => (
          <rect key={i} className={classes.truth} {...rectOf(box)} />
        ))}
        {seen.detections?.map(({ box, label, score }, i) => (
          <g key={i}>
            <rect className={classes.found} {...rectOf(box)} />
            <text x={Math.max(0.5, box.left)} y={Math.max(3, box.top - 0.8)}>
              {names[label]} {Math.round(100 * score)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

const rectOf = ({ left, top, right, bottom }: Box) => ({
  ...{ x: left, y: top },
  ...{ width: right - left, height: bottom - top },
});
