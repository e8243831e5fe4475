/** The dial, the right angles as buttons, which part of the picture is the tile, and what turning does to it. */
import { Button, Group, SegmentedControl, Title } from '@mantine/core';
import { CELL } from '../../lab/pictures/cut';
import { isRightAngle } from '../../state/rotate/dial';
import { useLooking } from '../../state/rotate/looking';
import { type ShownPicture, usePictures } from '../../state/rotate/pictures';
import { type Part, useTurning } from '../../state/rotate/turning';
import { partSentence, turnSentence } from '../../state/words/rotate';
import { Dial } from './Dial';
import classes from './DialCard.module.css';

const RIGHT_ANGLES = [0, 90, 180, 270];

export function DialCard() {
  const look = useLooking(({ look }) => look);
  const shown = usePictures(({ shown }) => shown);
  const angle = useTurning(({ angle }) => angle);
  return (
    <section className={`card ${classes.card}`} aria-labelledby="dial-title">
      <Title order={2} size="h4" id="dial-title">
        Turn the tile
      </Title>
      <Dial look={look} />
      <Group gap={6} justify="center" role="group" aria-label="Right angles">
        {RIGHT_ANGLES.map((degrees) => (
          <Button
            key={degrees}
            size="compact-sm"
            variant={angle === degrees ? 'filled' : 'default'}
            aria-pressed={angle === degrees}
            onClick={() => useTurning.setState({ angle: degrees })}
          >
            {degrees}°
          </Button>
        ))}
      </Group>
      <p className={`caption ${classes.note}`} data-testid="turn-note">
        {turnSentence(isRightAngle(angle))}
      </p>
      {shown && look && <PartChoice shown={shown} part={look.part} />}
      <p className={`caption ${classes.part}`} data-testid="part-sentence">
        {look && partSentence(look)}
      </p>
      <p className={`caption ${classes.keys}`}>
        Take hold of the picture or the ring. Keys: arrows 1°, Page Up and Down 15°, Shift with an arrow the
        next right angle, Home 0°, End 180°.
      </p>
    </section>
  );
}

/** Where a picture is more than one tile: all of its middle, the middle cell, or the cell picked on the map. */
function PartChoice({ shown: { picture }, part }: { shown: ShownPicture; part: Part }) {
  const [least, most] = [Math.min(picture.width, picture.height), Math.max(picture.width, picture.height)];
  if (least < CELL || most === CELL) return null;
  const choices = [
    { value: 'scale', label: 'All of its middle' },
    { value: 'crop', label: `${CELL}×${CELL} pixels` },
    ...(typeof part === 'number' ? [{ value: String(part), label: 'A cell of the map' }] : []),
  ];
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      mt={8}
      aria-label="Part of the picture"
      data={choices}
      value={String(part)}
      onChange={(value) =>
        useTurning.setState({ part: value === 'scale' || value === 'crop' ? (value as Part) : Number(value) })
      }
    />
  );
}
