/** The orbit of one filter of the chosen network, on the tile of the dial. */
import { Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTileOrbit } from '../../state/orbit/orbit';
import { useLooking } from '../../state/rotate/looking';
import { useTurning } from '../../state/rotate/turning';
import { lackOfOrbit } from '../../state/words/orbit';
import { FieldChoice } from '../orbit/FieldChoice';
import { OrbitPicture } from '../orbit/OrbitPicture';
import classes from '../orbit/OrbitPicture.module.css';
import { OrbitWord } from '../orbit/OrbitWord';

export function OrbitCard() {
  const look = useLooking(({ look }) => look);
  const net = useLooking(({ look, choice }) => look?.nets[choice.net]);
  if (net && net.problem !== null) return null;
  return (
    <section className="card" aria-labelledby="orbit-title">
      <div className={classes.head}>
        <Title order={2} size="h4" id="orbit-title">
          The orbit of one filter
        </Title>
        <OrbitWord />
        {net?.hasOrbit && <Choice />}
      </div>
      {net && look && !net.hasOrbit && <p className={classes.lack}>{lackOfOrbit(net)}</p>}
      {(!net || net.hasOrbit) && <Picture names={net?.classes ?? []} />}
    </section>
  );
}

function Choice() {
  const whole = useTileOrbit(({ whole }) => whole);
  return whole && <FieldChoice whole={whole} onChoose={(field) => useTileOrbit.setState({ field })} />;
}

function Picture({ names }: { names: readonly string[] }) {
  const look = useLooking(({ look }) => look);
  const angle = useTurning(({ angle }) => angle);
  const { whole, shown, torn, mirrored } = useTileOrbit();
  const tile = useMemo(() => look && { size: look.size, channels: 3, values: look.tile }, [look]);
  if (!tile || !whole || !shown) return <div className={classes.waiting} aria-busy={look !== null} />;
  return (
    <OrbitPicture
      {...{ tile, whole, shown, torn, angle, mirrored }}
      classes={names}
      onTurn={(angle) => useTurning.setState({ angle })}
      onMirror={(mirrored) => useTileOrbit.setState({ mirrored })}
      onTear={(torn) => useTileOrbit.setState({ torn })}
    />
  );
}
