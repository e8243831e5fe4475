/** The maps of one field, upright and turned: equivariance as it looks. */
import { NativeSelect, Title } from '@mantine/core';
import { memo, useEffect, useRef } from 'react';
import type { FieldMaps } from '../../lab/evaluate/fieldMaps';
import { chooseField } from '../../state/drivers/looking';
import { type Look, useLooking } from '../../state/rotate/looking';
import { fieldSentence } from '../../state/words/rotate';
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
        A field of an equivariant network is a set of maps, one for each orientation in which its filter
        looks. Turn the tile, and the same maps come back, turned, each in the place of another. Put right
        again they must equal the upright ones.
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
  // One scale for all of them.
  const most = upright.reduce((a, b) => Math.max(a, b), 0);
  const rows: [string, Float32Array][] = [
    ['Upright', upright],
    [`At ${degrees}°`, turned],
    ['Put right again', back],
    ['Difference', back.map((value, i) => Math.abs(value - upright[i]))],
  ];
  return (
    <div
      className={classes.maps}
      data-single={order === 1 || undefined}
      role="img"
      aria-label={`Maps of the field, in ${rows.length} rows of ${order}`}
    >
      {rows.map(([name, data]) => (
        <div key={name.split(' ')[0]} className={classes.row}>
          <span className="caption">{name}</span>
          <div className={classes.planes} style={{ '--order': order } as React.CSSProperties}>
            {Array.from({ length: order }, (_, g) => (
              <Plane key={g} fields={fields} data={data} channel={g} most={most} />
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
  readonly most: number;
}

/** A map: nothing is dark, the strongest response light; outside of what is compared it is faint. */
const Plane = memo(function Plane({ fields: { size, circle }, data, channel, most }: PlaneProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    const centre = (size - 1) / 2;
    for (let p = 0; p < size * size; p++) {
      const share = most === 0 ? 0 : Math.min(1, data[channel * size * size + p] / most);
      image.data.set(glow(share), 4 * p);
      const isOut = circle && (Math.floor(p / size) - centre) ** 2 + ((p % size) - centre) ** 2 > centre ** 2;
      image.data[4 * p + 3] = isOut ? 90 : 255;
    }
    context.putImageData(image, 0, 0);
  }, [size, circle, data, channel, most]);
  return <canvas ref={ref} width={size} height={size} className={classes.plane} />;
});

/** From near black over blue to light yellow: brightness grows evenly, so that it survives without colour. */
function glow(share: number): [number, number, number] {
  const at = STOPS.length - 1;
  const i = Math.min(at - 1, Math.floor(share * at));
  const part = share * at - i;
  return [0, 1, 2].map((c) => STOPS[i][c] + part * (STOPS[i + 1][c] - STOPS[i][c])) as [
    number,
    number,
    number,
  ];
}
const STOPS = [
  [10, 12, 24],
  [18, 62, 110],
  [30, 130, 170],
  [130, 200, 170],
  [253, 246, 190],
];
