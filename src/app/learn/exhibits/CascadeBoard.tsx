/** The right and the wrong cascade, layer by layer on one tile; and the tiles to choose from, whose answer changed. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Inside } from '../../../lab/prune/counterexamples/inside';
import { count, small, wholePercent } from '../../../state/words/format';
import { MapCanvas } from '../../orbit/canvases';
import { glow, scaleOf } from '../../parts/glow';
import { paintRgb } from '../../parts/paint';
import classes from './Changed.module.css';
import { ChangedGrid } from './ChangedGrid';
import type { ExhibitProps } from './exhibit';
import { FourTurns } from './FourTurns';
import { MindPicture } from './MindPicture';
import { Votes } from './Votes';

export function CascadeBoard({ seen }: ExhibitProps) {
  const { cascades } = seen.broken;
  const [at, choose] = useState(0);
  if (cascades.status !== 'done')
    return (
      <p className="caption">
        {cascades.status === 'running'
          ? 'Pruning three times …'
          : 'Here the right and the wrong cascade stand beside each other, layer by layer, when they are measured.'}
      </p>
    );
  const { changed, inside } = cascades.result;
  const { shown, found, size, channels } = changed;
  if (shown.length === 0)
    return <p className="caption">With the first columns no tile gets another answer here.</p>;
  const chosen = Math.min(at, shown.length - 1);
  const tile = shown[chosen];
  const names = seen.opened.nets.main.classes;
  const hidden = inside.hidden.subarray(chosen * inside.units, (chosen + 1) * inside.units);
  const same = inside.differences.filter(({ layer }) => layer !== 'logits');
  const answers = inside.differences.find(({ layer }) => layer === 'logits')!.difference;
  const votes = { hidden, names, label: tile.label };
  return (
    <div className={classes.board}>
      <div className={classes.head} data-result>
        <div className={classes.step}>
          <MindPicture
            {...{ size, channels }}
            pixels={tile.pixels}
            turns={0}
            label={`A tile of the class ${names[tile.label]}`}
          />
          the tile
        </div>
        <Maps inside={inside} tile={chosen} />
        <div className={classes.neurons}>
          <Neurons hidden={hidden} />
          {count(inside.units, 'hidden neuron')} that stay
        </div>
      </div>
      <p className="caption">
        Up to the hidden neurons both networks are the same (largest difference{' '}
        {small(Math.max(...same.map(({ difference }) => difference)))}); their logits differ by as much as{' '}
        {wholePercent(answers)} of the largest. Below, each column is a neuron, times the weight that it is
        read with: blue adds to a class, orange takes from it. The bars are the sums.
      </p>
      <div className={classes.pair}>
        <Votes {...votes} title="With their own columns" last={inside.right} answer={tile.right[0]} />
        <Votes {...votes} title="With the first columns" last={inside.wrong} answer={tile.wrong[0]} />
      </div>
      <div className={classes.look}>
        <FourTurns {...{ tile, names, size, channels }} right="Own columns" wrong="First columns" />
        <div>
          <p className="caption">
            {shown.length === found ? 'All' : `${shown.length} of the`} {count(found, 'tile')} to which the
            first columns give another answer. Press one to see it here.
          </p>
          <ChangedGrid
            changed={changed}
            label="Tiles whose answer changed"
            names={names}
            chosen={chosen}
            onChoose={choose}
          />
        </div>
      </div>
    </div>
  );
}

/** What each convolution makes of the tile: the field that answers most. */
function Maps({ inside, tile }: { inside: Inside; tile: number }) {
  const maps = useMemo(
    () =>
      inside.layers.map(({ size, maps }) => {
        const map = maps.slice(tile * size * size, (tile + 1) * size * size);
        return { size, map, scale: scaleOf(map) };
      }),
    [inside, tile],
  );
  return maps.map((each, i) => (
    <div key={i} className={classes.step}>
      <MapCanvas {...each} />
      layer {i + 1}
    </div>
  ));
}

/** A cell for each, as light as it answers. */
function Neurons({ hidden }: { hidden: Float32Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const scale = scaleOf(hidden);
    const rgb = Array.from(hidden).flatMap((value) => glow(value, scale));
    paintRgb(canvas.current, hidden.length, 1, rgb);
  }, [hidden]);
  return <canvas ref={canvas} width={hidden.length} height={1} />;
}
