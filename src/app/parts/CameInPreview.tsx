/** What a network from elsewhere holds, layer by layer, and what it makes of a tile upright and turned: before it is kept. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { takeIn, tellOtherwise } from '../../state/drivers/comingIn';
import { type Came, giveUp, useComingIn } from '../../state/page/comingIn';
import { capital, count, millions, small, whole, wholePercent } from '../../state/words/format';
import type { TriedOut } from '../../worker/protocol/results';
import classes from './CameInPreview.module.css';
import { Explained } from './Explained';
import { FiguresTable } from './FiguresTable';
import { paintPicture } from './paint';

/** Classes named; of more their number. */
const MOST_CLASSES = 12;

export function CameInPreview({ came }: { came: Came }) {
  const isReading = useComingIn(({ isReading }) => isReading);
  const { name, words, unprunable, size, channels, params, macs, classes: names } = came;
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        “{name}”: Read as {words}
      </Text>
      <Text size="sm">
        Pictures of {size}×{size} with {count(channels, 'channel')}; {count(names.length, 'class', 'classes')}
        {names.length <= MOST_CLASSES && ` (${names.join(', ')})`}; {whole(params)} parameters,{' '}
        {millions(macs)} multiply-adds for each picture.
        {unprunable && ` ${unprunable.replace('It is opened here, under', 'It will be opened under')}`}
      </Text>
      <Tried tried={came.tried} />
      <Layers came={came} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={giveUp}>
          Let it be
        </Button>
        <Button variant="default" onClick={tellOtherwise}>
          Tell it otherwise
        </Button>
        <Button loading={isReading} onClick={() => void takeIn()} data-autofocus>
          Take it in
        </Button>
      </Group>
    </Stack>
  );
}

/** Has the height of a tile from the beginning: nothing below it jumps. */
function Tried({ tried }: { tried: Came['tried'] }) {
  if (tried === null || typeof tried === 'string') {
    return (
      <div className={classes.tried} data-testid="tried">
        <p className="caption">{tried ?? 'It looks at a tile …'}</p>
      </div>
    );
  }
  return (
    <div className={classes.tried} data-testid="tried" data-known>
      <Tile tried={tried} />
      <div>
        <p className="caption">{tried.name}, turned to the left by</p>
        <ul className={classes.turns}>
          {tried.turns.map(({ degrees, answer, probability, undecided }) => (
            <li key={degrees}>
              <span>{degrees}°</span>
              <bdi>{answer}</bdi>
              <span>
                {wholePercent(probability)}
                {undecided && ', too close to call'}
              </span>
            </li>
          ))}
        </ul>
        <p className="caption">{capital(tried.words)}.</p>
      </div>
    </div>
  );
}

function Tile({ tried: { size, channels, pixels, name } }: { tried: TriedOut }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    // Of bands the first three are shown.
    const shown = channels > 3 ? pixels.filter((_, i) => i % channels < 3) : pixels;
    paintPicture(canvas.current, { size, channels: Math.min(channels, 3), pixels: shown }, 0);
  }, [size, channels, pixels]);
  return <canvas ref={canvas} width={size} height={size} role="img" aria-label={name} />;
}

function Layers({ came: { layers, tried } }: { came: Came }) {
  const errors = new Map(
    tried !== null && typeof tried !== 'string' ? tried.layers.map((each) => [each.layer, each]) : [],
  );
  return (
    <div className={classes.layers}>
      <FiguresTable label="Layers as they were found" className={classes.table} testId="layers-found">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Read as</th>
            <th scope="col">Leaves</th>
            <th scope="col">Parameters</th>
            <th scope="col">
              <Explained
                term="equivariance-error"
                text="How far what the layer leaves of the turned tile is from what it leaves of the upright one, turned: 0, but for rounding, where it turns with the tile."
              >
                Turned, error
              </Explained>
            </th>
          </tr>
        </thead>
        <tbody>
          {layers.map(({ name, kind, size, width, params }) => {
            const error = errors.get(name);
            return (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{kind}</td>
                <td>{size === null ? whole(width) : `${whole(width)} × ${size}×${size}`}</td>
                <td>{params === 0 ? '–' : whole(params)}</td>
                <td>{error ? (error.turns ? `${small(error.error)}, turns` : small(error.error)) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </FiguresTable>
    </div>
  );
}
