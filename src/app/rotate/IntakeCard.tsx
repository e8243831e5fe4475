/** Where pictures come in, and the strip of those that are there. */
import { ActionIcon, Button, Group, NativeSelect, Progress, Text, Title } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useDatasets } from '../../state/data/datasets';
import { givenByInput } from '../../state/data/dropped';
import { importGiven, refreshDatasets } from '../../state/drivers/datasets';
import { keptTiles } from '../../state/drivers/keptTiles';
import { addTiles, bring, forget, show } from '../../state/drivers/pictures';
import { showView } from '../../state/page/view';
import { type BroughtPicture, usePictures } from '../../state/rotate/pictures';
import { explain } from '../../state/words/explain';
import { readingSentence } from '../../state/words/rotate';
import type { DatasetRow } from '../../storage/rows';
import { ChooseFiles } from '../parts/ChooseFiles';
import { paintRgba } from '../parts/paint';
import classes from './IntakeCard.module.css';

export function IntakeCard({ over }: { over: boolean }) {
  const reading = usePictures(({ reading }) => reading);
  return (
    <section className="card" data-over={over || undefined} aria-labelledby="intake-title">
      <Group justify="space-between" align="flex-start" gap="xs" mb={10}>
        <div className={classes.intro}>
          <Title order={2} size="h4" id="intake-title">
            Pictures
          </Title>
          <Text className="caption" component="p" m={0}>
            Drop or paste satellite pictures anywhere here: JPEG, PNG, WebP, GeoTIFF (also the 13 bands of
            Sentinel-2), a folder, a zip. They are read in this browser and sent nowhere. A rotation noted in
            their EXIF is ignored on purpose: seen from above there is no upright.
          </Text>
        </div>
        <Ways />
      </Group>
      <Strip />
      <div className={classes.status} role="status">
        {reading && (
          <>
            <span className="caption">{readingSentence(reading)}</span>
            {reading.total !== null && (
              <Progress
                value={(100 * reading.done) / reading.total}
                aria-label="Progress of reading the pictures"
                transitionDuration={120}
              />
            )}
          </>
        )}
      </div>
      <Labelled />
      <RefusedList />
    </section>
  );
}

function Ways() {
  const take = (files: readonly File[]) => void bring(() => givenByInput(files));
  return (
    <Group gap={8}>
      <ChooseFiles label="Choose pictures" several onFiles={take} />
      <ChooseFiles label="Choose a folder" variant="default" folder onFiles={take} />
      <Kept />
    </Group>
  );
}

/** Tiles of a data set that is kept in this browser: one of each class. */
function Kept() {
  const rows = useDatasets(({ rows }) => rows);
  useEffect(() => void refreshDatasets(), []);
  const usable = rows?.filter(({ count }) => count > 0) ?? [];
  if (usable.length === 0) return null;
  const take = async (row: DatasetRow) => {
    try {
      addTiles(await keptTiles(row.id), row);
    } catch (error) {
      usePictures.setState({ refused: [{ name: row.title, problem: explain(error) }] });
    }
  };
  return (
    <NativeSelect
      size="sm"
      aria-label="Tiles of a kept data set"
      value=""
      data={[
        { value: '', label: 'From a kept data set …' },
        ...usable.map(({ id, title }) => ({ value: id, label: title })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        const row = usable.find(({ id }) => id === value);
        if (row) void take(row);
      }}
    />
  );
}

function Strip() {
  const pictures = usePictures(({ pictures }) => pictures);
  const asked = usePictures(({ asked }) => asked);
  return (
    <ul className={classes.strip} aria-label="Pictures to look at" data-testid="strip">
      {pictures.map((brought) => (
        <Thumbnail key={brought.id} brought={brought} isAsked={brought.id === asked} />
      ))}
    </ul>
  );
}

function Thumbnail({ brought, isAsked }: { brought: BroughtPicture; isAsked: boolean }) {
  const { id, name, sample, width, height, thumbnail } = brought;
  const ref = useRef<HTMLCanvasElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    paintRgba(ref.current, thumbnail.width, thumbnail.height, thumbnail.data);
  }, [thumbnail]);
  useEffect(() => {
    // Not scrollIntoView, which would move the page too.
    const { parentElement: item } = button.current!;
    const strip = item?.parentElement;
    if (isAsked && item && strip)
      strip.scrollLeft = item.offsetLeft - strip.offsetLeft - strip.clientWidth / 3;
  }, [isAsked]);
  return (
    <li className={classes.item}>
      <button
        ref={button}
        type="button"
        className={classes.thumbnail}
        aria-pressed={isAsked}
        title={`${name}, ${width}×${height}`}
        onClick={() => void show(id)}
      >
        <canvas ref={ref} width={thumbnail.width} height={thumbnail.height} />
        <span className={classes.name}>{name.split('/').at(-1)}</span>
      </button>
      {!sample && (
        <ActionIcon
          className={classes.remove}
          variant="filled"
          color="dark"
          size={24}
          aria-label={`Take ${name} off the strip`}
          onClick={() => forget(id)}
        >
          ×
        </ActionIcon>
      )}
    </li>
  );
}

/** Folders that may be classes can become a data set. */
function Labelled() {
  const labelled = usePictures(({ labelled }) => labelled);
  if (!labelled) return null;
  const keep = () => {
    showView('data');
    void importGiven(() => labelled);
  };
  return (
    <Group gap="xs" mt={8}>
      <Text size="sm">
        Are the folders in “{labelled.name}” its classes? Then it can be kept as a data set: to train networks
        on in Train and Pipeline, which can then be pruned.
      </Text>
      <Button size="compact-sm" variant="default" onClick={keep}>
        Keep it under Data
      </Button>
    </Group>
  );
}

function RefusedList() {
  const refused = usePictures(({ refused }) => refused);
  const [all, setAll] = useState(false);
  const shown = all ? refused : refused.slice(0, FEW);
  return (
    <div role="alert">
      {refused.length > 0 && (
        <div className={classes.refused}>
          <ul>
            {shown.map(({ name, problem }) => (
              <li key={name}>{problem.includes(name) ? problem : `${name}: ${problem}`}</li>
            ))}
          </ul>
          <Group gap={6}>
            {refused.length > FEW && (
              <Button size="compact-xs" variant="default" onClick={() => setAll(!all)}>
                {all ? 'Fewer' : `All ${refused.length}`}
              </Button>
            )}
            <Button size="compact-xs" variant="default" onClick={() => usePictures.setState({ refused: [] })}>
              Dismiss
            </Button>
          </Group>
        </div>
      )}
    </div>
  );
}

const FEW = 4;
