/** The neuron pointed at: when it goes, what it responds to, what it speaks for. Looked up in the sheet, at once. */
import { memo, useEffect, useMemo, useRef } from 'react';
import type { SliderUnit } from '../../lab/families/units';
import { type Thumbs, TOP_TILES } from '../../lab/prune/neurons/portraits';
import { useLab } from '../../state/page/lab';
import { useExperiment } from '../../state/prune/experiment';
import type { NeuronFacts, OfClass } from '../../state/prune/neuron';
import { count, small } from '../../state/words/format';
import { ordinal } from '../../state/words/prune';
import { Explained } from '../parts/Explained';
import { METHOD_LOOKS } from '../parts/methods';
import { paintPicture } from '../parts/paint';
import { NeuronStrip } from './NeuronStrip';
import classes from './NeuronStrip.module.css';
import { useNeuronFacts, useSheet } from './selectors';

/** Classes shown of those with the largest mean activation. */
const MOST_CLASSES = 10;
const NO_CLASSES: readonly string[] = [];

/** The strip and, in a stable place under it, the neuron picked on it. */
export function Neurons() {
  return (
    <section className={classes.section} aria-label="Neurons">
      <NeuronStrip />
      <NeuronCard />
    </section>
  );
}

function NeuronCard() {
  const facts = useNeuronFacts();
  const names = useLab(({ opened }) => opened?.nets.main.classes ?? NO_CLASSES);
  const hasWeights = useSheet().neurons.weights !== null;
  return (
    <div className={classes.card} data-testid="neuron">
      <div>
        <p className={classes.name} data-testid="neuron-name">
          {facts.title}
        </p>
        <Figures facts={facts} />
        {hasWeights && <Speaks facts={facts} names={names} />}
      </div>
      <Tops facts={facts} names={names} />
      <Means facts={facts} names={names} />
    </div>
  );
}

/** What is read of a unit by what comes behind it, and what that is. */
const READINGS: Readonly<Record<SliderUnit, { readonly reads: string; readonly states: string }>> = {
  neuron: {
    reads: 'what the last layer reads from this neuron (after ReLU and the maximum over orientations)',
    states: 'last layer',
  },
  mlp: {
    reads: 'what the next map reads from this neuron (after GELU), over all tokens and orientations',
    states: 'next map',
  },
  heads: {
    reads: 'what the next map reads from this head, over its channels, all tokens and orientations',
    states: 'next map',
  },
  filter: {
    reads: 'what the next layers read from this filter, over all positions and orientations',
    states: 'next layers',
  },
};

function Figures({ facts }: { facts: NeuronFacts }) {
  const { place, units, dead, saliency, mean, variance } = facts;
  const method = useExperiment(({ setting }) => setting.method);
  const gone = useExperiment(({ setting }) => place <= setting.removed);
  const { statisticsTiles, unit, layers } = useSheet();
  const tiles = count(statisticsTiles, 'training tile');
  const last = units - layers.length;
  const { reads, states } = READINGS[unit];
  return (
    <dl className={classes.facts}>
      <dt>Goes</dt>
      <dd>
        {place > last ? 'never: it stays' : `${ordinal(place)} of ${units}`}
        {gone ? ', gone' : ''}
      </dd>
      <dt>
        <Explained
          term="dead-neuron"
          text={`Dead: what the ${states} reads from it is the same on all ${tiles}, so it says nothing about a tile.`}
        >
          State
        </Explained>
      </dt>
      <dd data-dead={dead || undefined}>{dead ? 'dead' : 'alive'}</dd>
      <dt>
        <Explained term="saliency" text="What the chosen method ranks neurons by; the lowest go first.">
          Saliency, {METHOD_LOOKS[method].name}
        </Explained>
      </dt>
      <dd>{small(saliency)}</dd>
      <dt>
        <Explained text={`Mean of ${reads}, over ${tiles}.`}>Mean</Explained>
      </dt>
      <dd>{small(mean)}</dd>
      <dt>
        <Explained text={`Population variance of the same, over ${tiles}.`}>Variance</Explained>
      </dt>
      <dd>{small(variance)}</dd>
    </dl>
  );
}

function Speaks({ facts, names }: { facts: NeuronFacts; names: readonly string[] }) {
  return (
    <dl className={classes.speaks}>
      <dt>
        <Explained text="Its largest positive output weights: how much an activation of 1 adds to the logits of these classes.">
          For
        </Explained>
      </dt>
      <dd>
        <Weights of={facts.raises} names={names} />
      </dd>
      <dt>
        <Explained text="Its largest negative output weights: how much an activation of 1 takes from the logits of these classes.">
          Against
        </Explained>
      </dt>
      <dd>
        <Weights of={facts.lowers} names={names} />
      </dd>
    </dl>
  );
}

/** One class a line, so that nothing jumps from neuron to neuron. */
function Weights({ of, names }: { of: readonly OfClass[]; names: readonly string[] }) {
  if (of.length === 0) return 'no class';
  return of.map(({ label, value }) => (
    <span key={label} title={names[label]}>
      <bdi>{names[label]}</bdi>{' '}
      <b>
        {value < 0 ? '−' : '+'}
        {small(Math.abs(value))}
      </b>
    </span>
  ));
}

/** How one number stands for all tokens of a tile. */
const OF_A_TILE: Readonly<Record<SliderUnit, string>> = {
  neuron: '',
  mlp: ' Of a tile it is the largest over all tokens and orientations.',
  heads: ' Of a head it is the root of the mean square of all that it mixes.',
  filter:
    ' Of a filter it is the largest that the first layer to read it reads, over all positions and orientations.',
};

function Tops({ facts, names }: { facts: NeuronFacts; names: readonly string[] }) {
  const { neurons, tiles, unit } = useSheet();
  return (
    <div>
      <p className={classes.head}>
        <Explained
          text={`The tiles of the ${count(tiles, 'validation tile')} with its largest activations, upright, with their true class and the activation.${OF_A_TILE[unit]}`}
        >
          Responds most to
        </Explained>
      </p>
      <ul className={classes.tops}>
        {Array.from({ length: TOP_TILES }, (_, i) => {
          const top = facts.tops[i];
          return (
            <li key={i}>
              {top && top.thumb >= 0 ? (
                <Picture thumbs={neurons.thumbs} row={top.thumb} label={names[top.label]} />
              ) : (
                <div className={classes.blank} />
              )}
              <span title={top && names[top.label]}>{top ? names[top.label] : 'no other'}</span>
              <span className={classes.value}>{top ? small(top.value) : '–'}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const Picture = memo(function Picture({
  thumbs,
  row,
  label,
}: {
  thumbs: Thumbs;
  row: number;
  label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    paintPicture(canvas.current, thumbs, row);
  }, [thumbs, row]);
  return <canvas ref={canvas} width={thumbs.size} height={thumbs.size} role="img" aria-label={label} />;
});

function Means({ facts, names }: { facts: NeuronFacts; names: readonly string[] }) {
  const { tiles } = useSheet();
  const shown = useMemo(() => mostOf(facts.classMeans), [facts]);
  const largest = Math.max(...shown.map(({ value }) => value), 0);
  return (
    <div>
      <p className={classes.head}>
        <Explained
          text={`Mean activation over the tiles of each class among the ${count(tiles, 'validation tile')}, upright.`}
        >
          Mean activation by class
        </Explained>
      </p>
      <ul className={classes.means}>
        {shown.map(({ label, value }) => (
          <li key={label}>
            <span title={names[label]}>{names[label]}</span>
            <div className={classes.track}>
              <div
                className={classes.bar}
                style={{ width: `${largest > 0 ? (100 * Math.max(0, value)) / largest : 0}%` }}
              />
            </div>
            <span className={classes.value}>{small(value)}</span>
          </li>
        ))}
      </ul>
      {facts.classMeans.length > MOST_CLASSES && (
        <p className="caption">
          The {MOST_CLASSES} largest of {facts.classMeans.length} classes.
        </p>
      )}
    </div>
  );
}

/** All in the order of the classes, where they are few; else the largest. */
function mostOf(means: readonly OfClass[]): readonly OfClass[] {
  if (means.length <= MOST_CLASSES) return means;
  return [...means].sort((a, b) => b.value - a.value).slice(0, MOST_CLASSES);
}
