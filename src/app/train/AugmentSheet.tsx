/** A few tiles of the set as they are, and beside each how a training may see it. */
import { useEffect, useRef, useState } from 'react';
import type { ContactSheet } from '../../lab/data/contactSheet';
import { uniform } from '../../lab/random';
import { augmentBytes } from '../../lab/train/augment';
import { useDatasets } from '../../state/data/datasets';
import { augmentOf } from '../../state/train/designs';
import type { Plan, PlanData } from '../../state/train/plan';
import { syntheticSheet } from '../data/synthetic';
import classes from './SmallData.module.css';

const ROWS = 4;
const CHANGED = 7;

interface Props extends Pick<Plan, 'augment' | 'size' | 'seed'> {
  readonly data: PlanData;
}

export function AugmentSheet({ data, augment, seed }: Props) {
  const sheet = useSheet(data);
  const canvas = useRef<HTMLCanvasElement>(null);
  const labels = shownClasses(data);
  const side = sheet?.side ?? 32;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && sheet) draw(context, sheet, shownClasses(data), augment, seed);
  }, [sheet, data, augment, seed]);
  return (
    <figure className={classes.sheet} aria-busy={sheet === null}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Tiles of ${labels.map((label) => data.classes[label]).join(', ')}: each as it is, and ${CHANGED} times as training may see it`}
        data-testid="augment-sheet"
        width={(CHANGED + 1) * (side + GAP) + GAP}
        height={labels.length * (side + GAP)}
      />
      <figcaption className="caption">
        On the left as they are; beside them as training may see them, drawn from the seed.
      </figcaption>
    </figure>
  );
}

const GAP = 2;

/** A few classes that have tiles, evenly spread. */
function shownClasses({ classes: names, counts }: PlanData): number[] {
  const present = names.map((_, label) => label).filter((label) => counts[label] > 0);
  const shown = Math.min(ROWS, present.length);
  return Array.from({ length: shown }, (_, i) => present[Math.floor((i * present.length) / shown)]);
}

/** The thumbnails of a set; null while they are painted. */
function useSheet({ id, synthetic }: PlanData): ContactSheet | null {
  const kept = useDatasets(({ rows }) => rows?.find((row) => row.id === id)?.sheet ?? null);
  const [painted, setPainted] = useState<ContactSheet | null>(null);
  const isPainted = kept === null && synthetic;
  useEffect(() => {
    let isGone = false;
    if (isPainted) void syntheticSheet().then((sheet) => isGone || setPainted(sheet));
    return () => {
      isGone = true;
    };
  }, [isPainted]);
  return kept ?? painted;
}

function draw(
  context: CanvasRenderingContext2D,
  { side, perClass, pixels }: ContactSheet,
  labels: readonly number[],
  choice: Plan['augment'],
  seed: number,
): void {
  const shape = { size: side, channels: 3 };
  const augment = augmentOf(choice, side);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  for (const [row, label] of labels.entries()) {
    const tile = pixels.slice(label * perClass * side ** 2 * 3, (label * perClass + 1) * side ** 2 * 3);
    for (let column = 0; column <= CHANGED; column++) {
      const shown =
        column === 0 || !augment
          ? tile
          : augmentBytes(tile, shape, augment, uniform(seed, 'example', label, column));
      const image = context.createImageData(side, side);
      for (let i = 0; i < side * side; i++) {
        for (let c = 0; c < 3; c++) image.data[4 * i + c] = shown[3 * i + c];
        image.data[4 * i + 3] = 255;
      }
      context.putImageData(image, column * (side + GAP) + (column > 0 ? GAP : 0), row * (side + GAP));
    }
  }
}
