/**
 * A dozen validation tiles with what the network answers to each, and a mark on those that are answered otherwise than
 * before pruning. One stop of the Tab key; arrows go from tile to tile. Pressing one shows it turned.
 */
import { Popover } from '@mantine/core';
import { type KeyboardEvent, memo, Suspense, useEffect, useRef, useState } from 'react';
import type { Pictures } from '../../lab/prune/neurons/portraits';
import { useLab } from '../../state/page/lab';
import { finetuningOf, useExperiment } from '../../state/prune/experiment';
import { className as brokenName, seenAt, tally } from '../../state/prune/watching';
import { count } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { lazyView } from '../parts/lazyView';
import { paintPicture } from '../parts/paint';
import { useCurve, useSheet } from './selectors';
import classes from './TileStrip.module.css';

const TurnedTile = lazyView(async () => ({ default: (await import('./TurnedTile')).TurnedTile }));

const NO_CLASSES: readonly string[] = [];
const MARKS = { same: '', flipped: '↯', back: '✓' } as const;
const SAID = { same: '', flipped: ', changed its mind', back: ', came back' } as const;

export function TileStrip({ className }: { className: string }) {
  const { watched, tiles } = useSheet();
  const classNames = useLab(({ opened }) => opened?.nets.main.classes ?? NO_CLASSES);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const total = watched.tiles.length;
  const press = (event: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: total - 1 }[event.key];
    if (to === undefined || to < 0 || to >= total) return;
    event.preventDefault();
    setAt(to);
    list.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <div className={className}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          <Explained
            text={`${count(total, 'tile')} of the ${count(tiles, 'validation tile')} first looked at, among those answered right: by when their answer first changes as neurons go by L2, one of each twelfth, of many classes. So some change early, some late, and some never.`}
          >
            What it answers
          </Explained>
        </h2>
        <Tally />
      </div>
      <ul
        ref={list}
        className={classes.list}
        aria-label="Validation tiles and what the network answers"
        onKeyDown={press}
      >
        {Array.from(watched.tiles, (tile, i) => (
          <li key={tile}>
            <Tile
              i={i}
              pictures={watched}
              truth={classNames[watched.labels[i]]}
              classNames={classNames}
              reachable={i === Math.min(at, total - 1)}
              onFocus={setAt}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How many of them are flipped, and back. */
function Tally() {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const text = useExperiment((state) => {
    const { removed } = state.setting;
    const { flipped, back } = tally(sheet, curve, removed, finetuningOf(state, state.setting));
    return `${flipped} ${back}`;
  });
  const [flipped, back] = text.split(' ');
  return (
    <p className={classes.tally} data-testid="tally">
      <span data-fate="flipped">↯ {flipped} changed</span>
      <span data-fate="back">✓ {back} came back</span>
    </p>
  );
}

interface TileProps {
  readonly i: number;
  readonly pictures: Pictures;
  readonly truth: string;
  readonly classNames: readonly string[];
  readonly reachable: boolean;
  onFocus(i: number): void;
}

/** Drawn anew only when its own answer or mark changes. */
const Tile = memo(function Tile({ i, pictures, truth, classNames, reachable, onFocus }: TileProps) {
  const sheet = useSheet();
  const curve = useCurve(sheet);
  const [isOpen, setOpen] = useState(false);
  const seen = useExperiment((state) => {
    const { answer, fate } = seenAt(
      sheet,
      curve,
      state.setting.removed,
      i,
      finetuningOf(state, state.setting),
    );
    return `${answer} ${fate}`;
  });
  const [answer, fate] = seen.split(' ') as [string, keyof typeof MARKS];
  const name = brokenName(classNames, Number(answer));
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      width="min(25rem, calc(100vw - 24px))"
      withArrow
      trapFocus
      returnFocus
      middlewares={{ shift: { padding: 8 } }}
      portalProps={{ target: '#main' }}
    >
      <Popover.Target>
        <button
          type="button"
          className={classes.tile}
          data-fate={fate}
          tabIndex={reachable ? 0 : -1}
          aria-label={`${truth}: answered ${name.replaceAll('\u200b', '')}${SAID[fate]}. Turn it`}
          title={`${truth}. Press to turn it.`}
          onFocus={() => onFocus(i)}
          onClick={() => setOpen((open) => !open)}
        >
          <span className={classes.frame}>
            <Picture pictures={pictures} row={i} />
            <span className={classes.mark}>{MARKS[fate]}</span>
          </span>
          <span className={classes.answer}>{name}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={`${truth}, turned`}>
        <Suspense fallback={<div style={{ minHeight: 210 }} />}>
          {isOpen && <TurnedTile i={i} truth={truth} />}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
});

const Picture = memo(function Picture({ pictures, row }: { pictures: Pictures; row: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => paintPicture(canvas.current, pictures, row), [pictures, row]);
  return <canvas ref={canvas} width={pictures.size} height={pictures.size} />;
});
