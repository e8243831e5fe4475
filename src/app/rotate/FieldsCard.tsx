/** The maps of one field, upright and turned: equivariance as it looks. */
import { NativeSelect, Title } from '@mantine/core';
import { memo, useEffect, useMemo, useRef } from 'react';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import { chooseField } from '../../state/drivers/looking';
import { type Look, useLooking } from '../../state/rotate/looking';
import { fieldSentence } from '../../state/words/rotate';
import { Explained } from '../parts/Explained';
import { glow, type Scale, scaleOf } from '../parts/glow';
import classes from './FieldsCard.module.css';

export function FieldsCard() {
  const look = useLooking(({ look }) => look);
  const fields = useLooking(({ fields }) => fields);
  const net = useLooking(({ look, choice }) => look?.nets[choice.net]);
  return (
    <section className="card" aria-labelledby="fields-title">
      <Title order={2} size="h4" id="fields-title">
        One field turning in step
      </Title>
      <p className={`caption ${classes.intro}`}>
        A{' '}
        <Explained
          term="field"
          text="One feature of an equivariant layer: as many channels as the group has elements, each looking for the same thing in another orientation. No farmland is meant."
        >
          field
        </Explained>{' '}
        of an equivariant network is a set of maps, one for each orientation in which its filter looks. Turn
        the tile, and the same maps come back, turned, each in the place of another. Put right again they must
        equal the upright ones.
      </p>
      {look && <Choice look={look} />}
      <p className={classes.says} data-testid="field-sentence">
        {fields && net?.problem === null ? fieldSentence(fields, net) : ''}
      </p>
      {fields ? <Maps fields={fields} /> : <div className={classes.waiting} aria-busy={look !== null} />}
    </section>
  );
}

/** Which network, block and field. */
function Choice({ look }: { look: Look }) {
  const choice = useLooking(({ choice }) => choice);
  const field = useLooking(({ fields }) => fields?.field ?? null);
  const nets = look.nets.flatMap((net, i) =>
    net.problem === null && net.blocks.length > 0 ? [{ value: String(i), label: net.title }] : [],
  );
  const net = look.nets[choice.net];
  const blocks = net?.problem === null ? net.blocks : [];
  if (nets.length === 0) return <p className="caption">None of these networks has fields.</p>;
  return (
    <div className={classes.choice}>
      <NativeSelect
        size="xs"
        label="Network"
        data={nets}
        value={String(choice.net)}
        onChange={({ currentTarget: { value } }) =>
          chooseField({ net: Number(value), block: 0, field: null })
        }
      />
      <NativeSelect
        size="xs"
        label="Block"
        data={blocks.map((_, i) => ({ value: String(i), label: String(i + 1) }))}
        value={String(choice.block)}
        onChange={({ currentTarget: { value } }) => chooseField({ block: Number(value), field: null })}
      />
      <NativeSelect
        size="xs"
        label="Field"
        data={Array.from({ length: blocks[choice.block] ?? 0 }, (_, i) => ({
          value: String(i),
          label: `${i + 1}${choice.field === null && i === field ? ' (the strongest)' : ''}`,
        }))}
        value={String(choice.field ?? field ?? 0)}
        onChange={({ currentTarget: { value } }) => chooseField({ field: Number(value) })}
      />
    </div>
  );
}

function Maps({ fields }: { fields: FieldMaps }) {
  const { order, upright, turned, back, degrees } = fields;
  // One scale for all of them; a difference begins at nothing.
  const scale = useMemo(() => scaleOf(upright), [upright]);
  const difference = useMemo(() => ({ least: 0, most: scale.most - scale.least }), [scale]);
  const rows: [string, Float32Array, Scale][] = [
    ['Upright', upright, scale],
    [`At ${degrees}°`, turned, scale],
    ['Put right again', back, scale],
    ['Difference', back.map((value, i) => Math.abs(value - upright[i])), difference],
  ];
  return (
    <div
      className={classes.maps}
      data-single={order === 1 || undefined}
      role="img"
      aria-label={`Maps of the field, in ${rows.length} rows of ${order}`}
    >
      {rows.map(([name, data, scale]) => (
        <div key={name.split(' ')[0]} className={classes.row}>
          <span className="caption">{name}</span>
          <div className={classes.planes} style={{ '--order': order } as React.CSSProperties}>
            {Array.from({ length: order }, (_, g) => (
              <Plane key={g} fields={fields} data={data} channel={g} scale={scale} />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

interface PlaneProps {
  readonly fields: FieldMaps;
  readonly data: Float32Array;
  readonly channel: number;
  readonly scale: Scale;
}

/** A map; outside of what is compared it is faint. */
const Plane = memo(function Plane({ fields: { size, circle }, data, channel, scale }: PlaneProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    const centre = (size - 1) / 2;
    for (let p = 0; p < size * size; p++) {
      image.data.set(glow(data[channel * size * size + p], scale), 4 * p);
      const isOut = circle && (Math.floor(p / size) - centre) ** 2 + ((p % size) - centre) ** 2 > centre ** 2;
      image.data[4 * p + 3] = isOut ? 90 : 255;
    }
    context.putImageData(image, 0, 0);
  }, [size, circle, data, channel, scale]);
  return <canvas ref={ref} width={size} height={size} className={classes.plane} />;
});
