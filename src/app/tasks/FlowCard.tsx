/** Two fields side by side, the solver's and the network's, step by step; and the control that turns, mirrors and moves the flow. */
import { Button, Group, SegmentedControl, Slider, Switch, Title } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { largestOf } from '../../lab/evaluate/difference';
import { speedOfFrame, vorticityOfFrame } from '../../lab/fluids/picture';
import type { ShownFlow } from '../../lab/fluids/shown';
import { NUMBERS, STEPS, shownKey, type TasksForm, useTasks, wantedOf } from '../../state/tasks/form';
import { shownBy, useTasksKnown } from '../../state/tasks/known';
import { changeWords, flowSentence, mindsSentence, WAY_NAMES } from '../../state/words/tasks';
import { WholeNumber } from '../parts/WholeNumber';
import { ColourScale } from './ColourScale';
import { FieldPicture } from './FieldPicture';
import classes from './FlowCard.module.css';

export function FlowCard() {
  const form = useTasks();
  const wanted = wantedOf(form, form.way);
  const asked = useTasksKnown(({ flows }) => shownBy(flows, wanted));
  const busy = useTasksKnown(({ busy }) => busy);
  const isOld = asked?.key !== shownKey(form, asked?.of ? wanted : null);
  return (
    <section className="card" aria-labelledby="flow-title" aria-busy={isOld}>
      <div className={classes.head}>
        <Title order={3} size="h5" id="flow-title">
          A flow that no network has seen
        </Title>
        <Group gap={12}>
          <WholeNumber
            label="Flow"
            {...NUMBERS}
            value={form.flow}
            onTake={(flow) => useTasks.setState({ flow })}
          />
          <SegmentedControl
            size="xs"
            aria-label="What is shown in colours"
            data={[
              { value: 'vorticity', label: 'Vorticity' },
              { value: 'speed', label: 'Speed' },
            ]}
            value={form.show}
            onChange={(value) => useTasks.setState({ show: value as TasksForm['show'] })}
          />
        </Group>
      </div>
      {asked ? (
        <Shown flow={asked.shown} form={form} />
      ) : (
        <p className={`caption ${classes.empty}`}>{busy ? `${busy} …` : ''}</p>
      )}
    </section>
  );
}

function Shown({ flow, form }: { flow: ShownFlow; form: TasksForm }) {
  const { n, interval, network, solved } = flow;
  const [playing, setPlaying] = useState<number | null>(null);
  const step = Math.min(flow.steps, playing ?? form.step);
  const perFrame = 2 * n * n;
  const fieldOf = form.show === 'vorticity' ? vorticityOf(n) : speedOfFrame;
  const frameAt = (frames: Float32Array) => frames.subarray(step * perFrame, (step + 1) * perFrame);
  // One scale for both fields and all steps: the solver's.
  const scales = useMemo(() => {
    const frames = Array.from({ length: flow.steps + 1 }, (_, i) =>
      solved.subarray(i * perFrame, (i + 1) * perFrame),
    );
    const most = (of: (frame: Float32Array) => Float64Array) =>
      Math.max(...frames.map((each) => largestOf(of(each))));
    return { vorticity: most(vorticityOf(n)), speed: most(speedOfFrame) };
  }, [solved, flow.steps, perFrame, n]);
  const picture = (frames: Float32Array) => {
    const frame = frameAt(frames);
    return { values: fieldOf(frame), frame, n, largest: scales[form.show], fastest: scales.speed };
  };
  const what = `${form.show === 'vorticity' ? 'Vorticity' : 'Speed'} after ${step} of ${flow.steps} steps`;
  const words = changeWords(form);
  return (
    <>
      <div className={classes.fields}>
        <FieldPicture title="The solver" label={`${what}: the solver’s`} {...picture(solved)} />
        {network ? (
          <FieldPicture
            title={`The network, ${WAY_NAMES[form.way]}`}
            label={`${what}: the network’s`}
            {...picture(network.frames)}
          />
        ) : (
          <div className={classes.none}>
            <p className={classes.noneTitle}>The network, {WAY_NAMES[form.way]}</p>
            <p className={`caption ${classes.nothing}`}>
              It is not trained yet, so there is nothing to see of it.
            </p>
          </div>
        )}
      </div>
      <ColourScale show={form.show} largest={scales[form.show]} />
      <Steps step={step} steps={flow.steps} playing={playing} onPlay={setPlaying} />
      <p className={classes.says} data-testid="flow-sentence" aria-live={playing === null ? 'polite' : 'off'}>
        {flowSentence(step, interval, network)}
      </p>
      <Turning form={form} />
      {network && (
        <p className={classes.says} data-testid="minds-sentence">
          {mindsSentence(words, step, network)}
        </p>
      )}
    </>
  );
}

const vorticityOf = (n: number) => (frame: Float32Array) => vorticityOfFrame(frame, n);

/** Milliseconds for a step that is played. */
const PACE = 350;

interface StepsProps {
  readonly step: number;
  readonly steps: number;
  readonly playing: number | null;
  onPlay(step: number | null): void;
}

/** The place in the roll-out; it plays where people like things to move, else it goes on by a step. */
function Steps({ step, steps, playing, onPlay }: StepsProps) {
  const still = useReducedMotion();
  const settle = (to: number) => {
    onPlay(null);
    useTasks.setState({ step: to });
  };
  useEffect(() => {
    if (playing === null) return;
    const timer = setTimeout(() => {
      if (playing < steps) return onPlay(playing + 1);
      onPlay(null);
      useTasks.setState({ step: steps });
    }, PACE);
    return () => clearTimeout(timer);
  }, [playing, steps, onPlay]);
  const next = step >= steps ? 0 : step + 1;
  return (
    <div className={classes.steps}>
      {still ? (
        <Button size="compact-sm" w={96} onClick={() => settle(next)}>
          {step >= steps ? 'Begin again' : 'Next step'}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          w={96}
          onClick={() => (playing === null ? onPlay(step >= steps ? 0 : step) : settle(step))}
        >
          {playing === null ? 'Play' : 'Pause'}
        </Button>
      )}
      <Slider
        className={classes.slider}
        min={0}
        max={STEPS}
        value={step}
        label={null}
        onChange={settle}
        marks={[0, 5, 10, 15, 20].map((value) => ({ value, label: value }))}
        thumbLabel="Step of the roll-out"
        thumbValueText={(value) => `step ${value}`}
      />
    </div>
  );
}

function Turning({ form }: { form: TasksForm }) {
  return (
    <Group gap="md" mt={4}>
      <Group gap={6}>
        <span className="caption" id="flow-turn-label">
          Turn the flow
        </span>
        <SegmentedControl
          size="xs"
          aria-labelledby="flow-turn-label"
          data={[0, 1, 2, 3].map((turns) => ({ value: String(turns), label: `${90 * turns}°` }))}
          value={String(form.turns)}
          onChange={(value) => useTasks.setState({ turns: Number(value) })}
        />
      </Group>
      <Switch
        size="sm"
        label="Mirror it"
        checked={form.mirror === 'yes'}
        onChange={({ currentTarget }) => useTasks.setState({ mirror: currentTarget.checked ? 'yes' : 'no' })}
      />
      <Switch
        size="sm"
        label="Move it by half the square"
        checked={form.move === 'yes'}
        onChange={({ currentTarget }) => useTasks.setState({ move: currentTarget.checked ? 'yes' : 'no' })}
      />
    </Group>
  );
}
