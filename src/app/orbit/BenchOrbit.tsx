/** The orbit of one filter of the network on the bench, on a validation tile that shows what a torn petal does. */
import { Button, Title } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { canTurn, followBenchOrbit, retryBenchOrbit } from '../../state/drivers/benchOrbit';
import { useBenchOrbit } from '../../state/orbit/orbit';
import { useLab } from '../../state/page/lab';
import { capital } from '../../state/words/format';
import { lackOfOrbit, tileWords } from '../../state/words/orbit';
import { FieldChoice } from './FieldChoice';
import { OrbitPicture } from './OrbitPicture';
import classes from './OrbitPicture.module.css';
import { OrbitWord } from './OrbitWord';

export default function BenchOrbit() {
  useEffect(followBenchOrbit, []);
  const opened = useLab(({ opened }) => opened);
  const trouble = useBenchOrbit(({ trouble }) => trouble);
  return (
    <section className="card" aria-labelledby="orbit-title">
      <div className={classes.head}>
        <Title order={2} size="h4" id="orbit-title">
          The orbit of one filter
        </Title>
        <OrbitWord />
        {opened && canTurn(opened) && <Choice />}
      </div>
      {opened && !canTurn(opened) && <p className={classes.lack}>{lackOfOrbit(opened.nets.main)}</p>}
      {trouble && (
        <p className={classes.lack} role="alert">
          {trouble}{' '}
          <Button size="compact-xs" variant="default" onClick={retryBenchOrbit}>
            Try again
          </Button>
        </p>
      )}
      {opened && canTurn(opened) && !trouble && <Picture names={opened.nets.main.classes} />}
    </section>
  );
}

function Choice() {
  const whole = useBenchOrbit(({ whole }) => whole);
  return whole && <FieldChoice whole={whole} onChoose={(field) => useBenchOrbit.setState({ field })} />;
}

function Picture({ names }: { names: readonly string[] }) {
  const { whole, shown, torn, angle, mirrored, tile, busy } = useBenchOrbit();
  const seen = useMemo(() => tile && { ...tile, values: tile.pixels }, [tile]);
  if (!whole || !shown || !seen || !tile)
    return (
      <div className={classes.waiting}>
        <p className="caption">{capital(busy ?? 'the network is waited for')} …</p>
      </div>
    );
  return (
    <>
      <OrbitPicture
        {...{ tile: seen, whole, shown, torn, angle, mirrored }}
        classes={names}
        onTurn={(angle) => useBenchOrbit.setState({ angle })}
        onMirror={(mirrored) => useBenchOrbit.setState({ mirrored })}
        onTear={(torn) => useBenchOrbit.setState({ torn })}
      />
      <p className={`caption ${classes.about}`}>{tileWords(tile, names)}</p>
    </>
  );
}
