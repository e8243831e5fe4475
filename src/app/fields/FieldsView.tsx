/** The Fields view: pruning inside the equivariant convolutions, layer by layer, measured for real. */
import { Suspense, useEffect } from 'react';
import { beginTrunk } from '../../state/drivers/trunk';
import { hasFields, noFieldsSentence } from '../../state/fields/fields';
import { useTrunk } from '../../state/fields/trunkState';
import { useLab } from '../../state/page/lab';
import { Hideable } from '../parts/Hideable';
import { lazyView } from '../parts/lazyView';
import { ModelBar } from '../parts/ModelBar';
import { Opening } from '../parts/Opening';
import { ControlsCard } from './ControlsCard';
import classes from './FieldsView.module.css';
import { FiguresCard } from './FiguresCard';
import { LayersCard } from './LayersCard';
import { MeterCard } from './MeterCard';
import { PointsCard } from './PointsCard';
import { Ranking } from './Ranking';
import { TuningCard } from './TuningCard';

const BenchOrbit = lazyView(() => import('../orbit/BenchOrbit'));

export default function FieldsView() {
  useEffect(beginTrunk, []);
  return (
    <>
      <Hideable part="model">
        <ModelBar />
      </Hideable>
      <Content />
    </>
  );
}

function Content() {
  const status = useLab(({ status }) => status);
  const group = useLab(({ opened }) => opened?.nets.main.group);
  const isWithoutFields = useLab(({ opened }) => opened !== null && !hasFields(opened.nets.main));
  const isRanked = useTrunk(({ ranked }) => ranked !== null);
  if (status === 'failed') return null;
  if (isWithoutFields) return <WithoutFields />;
  if (group === 'C1') return <Plain />;
  if (!isRanked) return status === 'ready' ? <Ranking /> : <Opening />;
  return (
    <div className={classes.grid}>
      <div className={classes.column}>
        <ControlsCard />
        <MeterCard />
        <LayersCard />
      </div>
      <div className={classes.column}>
        <FiguresCard />
        <TuningCard />
      </div>
      <PointsCard className={classes.wide} />
      <div className={classes.wide}>
        <Suspense fallback={<div className="card" aria-busy="true" />}>
          <BenchOrbit />
        </Suspense>
      </div>
    </div>
  );
}

/** Why there is nothing to do here with a transformer, or with a network from elsewhere. */
function WithoutFields() {
  const { title, spec } = useLab(({ opened }) => opened)!.nets.main;
  return (
    <section className="card" role="status">
      <p className={classes.refusal}>
        “{title}” {noFieldsSentence(spec)}
      </p>
    </section>
  );
}

/** Why there is nothing to do here with a plain network. */
function Plain() {
  const title = useLab(({ opened }) => opened?.nets.main.title);
  return (
    <section className="card" role="status">
      <p className={classes.refusal}>
        “{title}” is a plain network: its channels are no fields of a group, so there is no symmetry that
        pruning could keep or break. Choose an equivariant network above; under Prune this one can lose hidden
        neurons.
      </p>
    </section>
  );
}
