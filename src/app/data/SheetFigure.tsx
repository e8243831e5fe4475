/** A few tiles of each class, each with a mark for the part of the split it falls into. */
import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { type ContactSheet, placesPerClass, shownRanks } from '../../lab/data/contactSheet';
import { SPLIT_NAMES } from '../../lab/data/split/splits';
import { count } from '../../state/words/format';
import type { DatasetFacts } from '../../storage/rows';
import marks from './parts.module.css';
import classes from './SheetFigure.module.css';
import { SplitLegend } from './SplitLegend';
import { PART_TITLES, type Parts, partSizes } from './split';

interface Props {
  readonly facts: Pick<DatasetFacts, 'classes' | 'counts'>;
  /** null while it is painted; its place is kept. */
  readonly sheet: ContactSheet | null;
  readonly parts: Parts;
}

export function SheetFigure({ facts, sheet, parts }: Props) {
  const places = sheet?.perClass ?? placesPerClass(facts.classes.length);
  return (
    <>
      <Text className="caption" component="p" m={0} mb={8}>
        Up to {count(places, 'tile')} of each class, evenly spread over its files. The mark below a tile is
        its part of the split.
      </Text>
      <SplitLegend />
      <div className={classes.sheet} aria-busy={sheet === null}>
        {facts.classes.map((name, label) => {
          const ranks = shownRanks(facts.counts[label], places);
          const shown = parts[label] && Uint8Array.from(ranks, (rank) => parts[label]![rank]);
          return (
            <figure
              key={name}
              className={classes.strip}
              style={{ '--places': places } as React.CSSProperties}
            >
              <figcaption>{name}</figcaption>
              <Strip
                label={label}
                tiles={ranks.length}
                places={places}
                sheet={sheet}
                name={stripName(name, ranks.length, shown)}
              />
              <div className={classes.marks} aria-hidden="true">
                {ranks.map((rank, i) => (
                  <span key={rank} className={shown ? marks[SPLIT_NAMES[shown[i]]] : undefined} />
                ))}
              </div>
            </figure>
          );
        })}
      </div>
    </>
  );
}

/** "8 tiles of River: 5 train, 2 validation, 1 test". */
function stripName(name: string, tiles: number, shown: Uint8Array | null): string {
  const sizes = partSizes(shown).map((n, part) => `${n} ${PART_TITLES[SPLIT_NAMES[part]].toLowerCase()}`);
  return `${count(tiles, 'tile')} of ${name}${shown ? `: ${sizes.join(', ')}` : ''}`;
}

interface StripProps {
  readonly label: number;
  readonly tiles: number;
  readonly places: number;
  readonly sheet: ContactSheet | null;
  readonly name: string;
}

function Strip({ label, tiles, places, sheet, name }: StripProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context && sheet) draw(context, sheet, label, tiles);
  }, [sheet, label, tiles]);
  const side = sheet?.side ?? 32;
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={name}
      className={classes.canvas}
      data-coarse={side < 24 || undefined}
      // A column of nothing after each tile keeps neighbours apart.
      width={places * (side + 1)}
      height={side}
    />
  );
}

/** Draws the thumbnails of a class side by side. */
function draw(
  context: CanvasRenderingContext2D,
  { side, perClass, pixels }: ContactSheet,
  label: number,
  tiles: number,
): void {
  const length = side * side * 3;
  for (let place = 0; place < tiles; place++) {
    const start = (label * perClass + place) * length;
    const tile = context.createImageData(side, side);
    for (let i = 0; i < side * side; i++) {
      for (let c = 0; c < 3; c++) tile.data[4 * i + c] = pixels[start + 3 * i + c];
      tile.data[4 * i + 3] = 255;
    }
    context.putImageData(tile, place * (side + 1), 0);
  }
}
