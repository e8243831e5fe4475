/**
 * The opening, in three screens: a tile turns and two networks say what they see; the slider, with the same tile; the
 * recovery. The picture is there at once, the voices come when the networks have answered. All of it is measured now.
 */
import { Button, Group } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { SYNTHETIC_SEED, syntheticTile } from '../../lab/data/synthetic';
import { boxAverage } from '../../lab/data/tiles';
import { CELL } from '../../lab/pictures/cut';
import { isTriggered } from '../../lab/train/finetune';
import { useDatasets } from '../../state/data/datasets';
import { useNetworks } from '../../state/drivers/networks';
import { rulesFor } from '../../state/drivers/session';
import { useTraining } from '../../state/drivers/training';
import { useLab } from '../../state/page/lab';
import { DEFAULT_SETTING, finetuningOf, settle, useExperiment } from '../../state/prune/experiment';
import { curveOf, pointOf, pruneFacts, useSheets } from '../../state/prune/sheets';
import { endStory, SCREENS, type Screen, STORY_TILE, STORY_TURN, showScreen } from '../../state/prune/story';
import { className as brokenName, seenAt, watchedAnswer } from '../../state/prune/watching';
import { percent } from '../../state/words/format';
import { pruneSentence } from '../../state/words/prune';
import { foundSentence, turnSentence, type Voice } from '../../state/words/story';
import { paintRgb } from '../parts/paint';
import { progressText } from '../parts/progress';
import { PruneSlider } from './PruneSlider';
import { Recovery } from './Recovery';
import { resultWords } from './result';
import { StageAccuracy } from './StageAccuracy';
import classes from './Story.module.css';

/** Side that the first pair reads, in pixels. */
const SIDE = 32;
/** From the picture to its turn, and how long it turns (as in the style), in milliseconds. */
const STILL = 900;
const TURNING = 1400;

const HEADINGS: Readonly<Record<Screen, string>> = {
  turn: 'Two networks look at a tile',
  prune: 'Now prune them',
  recover: 'Let it recover',
};

export function Story({ screen }: { screen: Screen }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useKeptWork();
  useEffect(() => {
    // Whoever follows by ear or keyboard is led on from screen to screen, and not called to the first one.
    if (!first.current) heading.current?.focus();
    first.current = false;
    void screen;
  }, [screen]);
  return (
    <section className={`card ${classes.story}`} data-screen={screen} aria-labelledby="story-title">
      <header className={classes.head}>
        <p className={classes.steps} aria-hidden="true">
          {SCREENS.map((each) => (
            <span key={each} data-now={each === screen || undefined} />
          ))}
        </p>
        <h2 id="story-title" ref={heading} tabIndex={-1} className={classes.title}>
          <span className="spoken">{SCREENS.indexOf(screen) + 1} of 3: </span>
          {HEADINGS[screen]}
        </h2>
        <Button variant="subtle" size="xs" className={classes.skip} onClick={leave}>
          Skip
        </Button>
      </header>
      {screen === 'turn' ? <Turn /> : <Slide screen={screen} />}
    </section>
  );
}

/** What is on the slider stays, in the lab. */
function leave(): void {
  settle();
  endStory();
}

/** Whoever has networks, runs or tiles here is no stranger: they go straight on. */
function useKeptWork(): void {
  const runs = useTraining(({ rows }) => rows?.length ?? 0);
  const networks = useNetworks(({ rows }) => rows?.length ?? 0);
  const sets = useDatasets(({ rows }) => rows?.length ?? 0);
  useEffect(() => {
    if (runs + networks + sets > 0) endStory();
  }, [runs, networks, sets]);
}

function Turn() {
  const [isTurned, setTurned] = useState(false);
  const [isTold, setTold] = useState(false);
  const voices = useVoices();
  const progress = useLab(({ progress }) => progress);
  const peer = useSheets(({ peer }) => peer);
  // The slider needs the one network alone: whoever is in a hurry does not wait for the other's voice.
  const isLive = useSheets(({ main }) => main?.watched.tiles.includes(STORY_TILE.tile) ?? false);
  useEffect(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const turning = setTimeout(() => setTurned(true), STILL);
    // Not before it is seen.
    const telling = setTimeout(() => setTold(true), STILL + (isCalm ? 0 : TURNING));
    return () => {
      clearTimeout(turning);
      clearTimeout(telling);
    };
  }, []);
  const isSaid = isTold && voices.length > 1;
  const plain = peer && pointOf(peer, curveOf(peer, DEFAULT_SETTING.method, DEFAULT_SETTING.compensation), 0);
  return (
    <>
      <Dial turned={isTurned} onTurn={() => setTurned((turned) => !turned)} />
      <div className={classes.right}>
        {(voices.length > 0 ? voices : WAITING).map((voice) => (
          <VoiceOf key={voice.name} voice={voice} isTurned={isTurned} />
        ))}
        <p className={classes.sentence} aria-live="polite">
          {turnSentence(isSaid ? voices : [])}
        </p>
        <p className={`caption ${classes.note}`}>
          {isSaid && plain
            ? foundSentence(plain.changed, peer.tiles, voices[1].upright !== voices[1].turned)
            : `${progressText(progress)}.`}
        </p>
        <Group>
          <Button size="md" disabled={!isLive} onClick={() => showScreen('prune')}>
            Now prune them
          </Button>
        </Group>
      </div>
    </>
  );
}

const WAITING: readonly Voice[] = ['equivariant', 'plain'].map((name) => ({
  name,
  upright: '…',
  turned: '…',
}));

function VoiceOf({ voice: { name, upright, turned }, isTurned }: { voice: Voice; isTurned: boolean }) {
  const hasChanged = isTurned && upright !== turned;
  return (
    <div className={classes.voice} data-changed={hasChanged || undefined}>
      <p className={classes.name}>The {name} network says</p>
      <p className={classes.said}>
        {upright}
        <span className={classes.then} data-shown={isTurned || undefined}>
          <span className={classes.arrow} aria-hidden="true">
            →
          </span>
          <span className="spoken">, turned: </span>
          {isTurned ? turned : ''}
          {hasChanged && <span aria-hidden="true"> ↯</span>}
        </span>
      </p>
    </div>
  );
}

/** What both networks answer to the tile, upright and turned; of those that have answered. */
function useVoices(): readonly Voice[] {
  const sheets = useSheets();
  const opened = useLab(({ opened }) => opened);
  return useMemo(() => {
    if (!opened) return [];
    const all = (['main', 'peer'] as const).map((net): Voice | null => {
      const [sheet, info] = [sheets[net], opened.nets[net]];
      const i = sheet ? sheet.watched.tiles.indexOf(STORY_TILE.tile) : -1;
      if (!sheet || !info || i < 0) return null;
      const curve = curveOf(sheet, DEFAULT_SETTING.method, DEFAULT_SETTING.compensation);
      const at = (turn: number) => brokenName(info.classes, watchedAnswer(sheet, curve, 0, i, turn));
      return { name: info.name, upright: at(0), turned: at(STORY_TURN) };
    });
    // One voice alone would be no story.
    return all.every((voice) => voice !== null) ? all : [];
  }, [sheets, opened]);
}

/** The slider and the recovery, with the same tile still there. */
function Slide({ screen }: { screen: Exclude<Screen, 'turn'> }) {
  const sheet = useSheets(({ main }) => main)!;
  const { name, classes: names } = useLab(({ opened }) => opened!.nets.main);
  const setting = useExperiment(({ setting }) => setting);
  const tuned = useExperiment((state) => finetuningOf(state, state.setting));
  const rules = rulesFor(sheet.unit);
  const facts = pruneFacts(sheet, setting);
  const isLost = isTriggered(facts.baseline, facts.accuracy, rules);
  const i = sheet.watched.tiles.indexOf(STORY_TILE.tile);
  const curve = curveOf(sheet, setting.method, setting.compensation);
  const { answer, fate } = seenAt(sheet, curve, setting.removed, i, tuned);
  const isDone = tuned?.status === 'done';
  const sentence =
    screen === 'prune'
      ? setting.removed === 0
        ? 'Drag the slider to the right: neurons go, the least needed first.'
        : pruneSentence(facts)
      : isDone
        ? resultWords(tuned, rules)
        : 'What is left learns again, epoch by epoch.';
  return (
    <>
      <Dial turned />
      <div className={classes.right}>
        <StageAccuracy className={classes.accuracy} />
        <div
          className={classes.voice}
          data-changed={fate === 'flipped' || undefined}
          data-back={fate === 'back' || undefined}
        >
          <p className={classes.name}>The {setting.removed === 0 ? name : 'pruned'} network says</p>
          <p className={classes.said}>
            {brokenName(names, answer)}
            {fate !== 'same' && <span aria-hidden="true"> {fate === 'flipped' ? '↯' : '✓'}</span>}
          </p>
        </div>
        {screen === 'prune' ? (
          <div className={classes.slider}>
            <PruneSlider onEnd={nothing} />
          </div>
        ) : (
          <Recovery className={classes.recovery} />
        )}
        <p className={classes.sentence} aria-live="polite">
          {sentence}
        </p>
        <Group>
          {screen === 'prune' ? (
            <Button
              size="md"
              disabled={!isLost}
              onClick={() => {
                settle();
                showScreen('recover');
              }}
            >
              Let it recover
            </Button>
          ) : (
            <Button size="md" onClick={leave}>
              To the lab
            </Button>
          )}
          <span className="caption">
            {screen === 'prune' &&
              !isLost &&
              `More than 2 points have to be lost; now ${percent(facts.accuracy)}.`}
          </span>
        </Group>
      </div>
    </>
  );
}

/** Nothing is settled on while the story is told: recovery waits to be asked for. */
const nothing = () => {};

function Dial({ turned, onTurn }: { turned: boolean; onTurn?: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { label, index } = STORY_TILE;
    const tile = boxAverage(syntheticTile(label, index, SYNTHETIC_SEED), CELL, CELL, 3, CELL / SIDE);
    paintRgb(canvas.current, SIDE, SIDE, tile);
  }, []);
  const picture = (
    <>
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        data-turned={turned || undefined}
        className={classes.tile}
      />
      <svg className={classes.ring} viewBox="-50 -50 100 100" aria-hidden="true">
        <circle r="47" className={classes.track} />
        {[0, 90, 180, 270].map((angle) => (
          <path key={angle} d="M0 -44V-47" transform={`rotate(${angle})`} className={classes.tick} />
        ))}
        <g className={classes.hand} data-turned={turned || undefined}>
          <circle cy="-47" r="2.6" className={classes.thumb} />
        </g>
      </svg>
      <span className={classes.angle} aria-hidden="true">
        {turned ? '90°' : '0°'}
      </span>
    </>
  );
  if (!onTurn) return <div className={classes.dial}>{picture}</div>;
  return (
    <button
      type="button"
      className={classes.dial}
      aria-label={turned ? 'The tile, turned by 90°. Turn it back' : 'The tile, upright. Turn it by 90°'}
      onClick={onTurn}
    >
      {picture}
    </button>
  );
}
