/** Where tiles come in: a zone to drop on, buttons that do the same, and progress. */
import { Button, Group, NumberInput, Progress, SegmentedControl, Text, Title } from '@mantine/core';
import { RESIZE_WORDS, RESIZES } from '../../lab/pictures/resize';
import { type Import, useDatasets } from '../../state/data/datasets';
import { givenByInput } from '../../state/data/dropped';
import { cancelImport, importGiven } from '../../state/drivers/datasets';
import { isDownload, readingSentence } from '../../state/words/data';
import { ChooseFiles } from '../parts/ChooseFiles';
import { Notice } from '../parts/Notice';
import classes from './ImportCard.module.css';

export function ImportCard({ over }: { over: boolean }) {
  const running = useDatasets(({ running }) => running);
  const trouble = useDatasets(({ trouble }) => trouble);
  const notice = useDatasets(({ notice }) => notice);
  return (
    <section className="card" aria-labelledby="import-title">
      <Title order={2} size="h4" id="import-title" mb={8}>
        Tiles of your own
      </Title>
      <div className={classes.zone} data-over={over || undefined} data-testid="drop-zone">
        {running ? <Reading running={running} /> : <Choose />}
      </div>
      {trouble && (
        <Notice
          kind="trouble"
          mt="sm"
          title="That did not work"
          classNames={{ message: classes.message }}
          onDismiss={() => useDatasets.setState({ trouble: null })}
        >
          {trouble}
        </Notice>
      )}
      <Text className={`caption ${classes.notice}`} role="status" mt={8}>
        {notice ?? 'Nothing you give leaves this computer: tiles are read and kept in this browser.'}
      </Text>
    </section>
  );
}

function Choose() {
  const take = (files: readonly File[]) => void importGiven(() => givenByInput(files));
  return (
    <>
      <p className={classes.lead}>Drop files or a folder here</p>
      <p className={`caption ${classes.hint}`}>
        A zip or folder with a subfolder of square pictures for each class; or CIFAR-10’s binary files, or
        MNIST’s pictures and labels together, packed or not. Folders called train, val and test, or lists such
        as train.txt and test.txt, are kept as the split.
      </p>
      <Group gap={8} justify="center">
        {/* Any file: MNIST's have no ending, and what they are is read from their bytes. */}
        <ChooseFiles label="Choose files" several onFiles={take} />
        <ChooseFiles label="Choose a folder" variant="default" folder onFiles={take} />
      </Group>
      <BandsKept />
      <ClassesAre />
      <ScaleTo />
      <NotSquare />
    </>
  );
}

/** What is kept of GeoTIFFs such as Sentinel-2's, which hold more than colours. */
function BandsKept() {
  const bands = useDatasets(({ bands }) => bands);
  return (
    <Group gap={8} justify="center" mt={12}>
      <span className="caption" id="bands-kept">
        Of GeoTIFFs keep
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="bands-kept"
        data={[
          { value: 'rgb', label: 'colours' },
          { value: 'all', label: 'all bands' },
        ]}
        value={bands}
        onChange={(value) => useDatasets.setState({ bands: value === 'all' ? 'all' : 'rgb' })}
      />
    </Group>
  );
}

/** Where folders lie above the classes: sensors, years, places. */
function ClassesAre() {
  const classes = useDatasets(({ classes }) => classes);
  return (
    <Group gap={8} justify="center" mt={12}>
      <span className="caption" id="classes-are">
        Classes are
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="classes-are"
        data={[
          { value: 'topmost', label: 'the topmost folders' },
          { value: 'innermost', label: 'those that pictures lie in' },
        ]}
        value={classes}
        onChange={(value) =>
          useDatasets.setState({ classes: value === 'innermost' ? 'innermost' : 'topmost' })
        }
      />
    </Group>
  );
}

/** Pictures of different sizes are scaled only where someone asks for it. */
function ScaleTo() {
  const scale = useDatasets(({ scale }) => scale);
  return (
    <NumberInput
      label="Scale to"
      description="Side in pixels; empty: as they are, all of one size"
      size="xs"
      w={230}
      mt={12}
      value={scale ?? ''}
      placeholder="as they are"
      min={4}
      max={4096}
      step={2}
      allowDecimal={false}
      onChange={(value) =>
        useDatasets.setState({ scale: typeof value === 'number' && value >= 4 ? value : null })
      }
    />
  );
}

/** What becomes of pictures that are no square, where all are scaled. */
function NotSquare() {
  const scale = useDatasets(({ scale }) => scale);
  const resize = useDatasets(({ resize }) => resize);
  if (scale === null) return null;
  return (
    <Group gap={8} justify="center" mt={8}>
      <span className="caption" id="not-square">
        Not square
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="not-square"
        data={['refuse', ...RESIZES].map((value) => ({ value, label: value }))}
        value={resize ?? 'refuse'}
        onChange={(value) => useDatasets.setState({ resize: RESIZES.find((each) => each === value) ?? null })}
      />
      <span className="caption">
        {resize
          ? `Of one that is not square ${RESIZE_WORDS[resize]}.`
          : 'One that is not square ends the reading.'}
      </span>
    </Group>
  );
}

function Reading({ running }: { running: Import }) {
  const { name, progress, cancellable, note } = running;
  const share = progress ? progress.done / progress.total : 0;
  return (
    <>
      <p className={classes.lead}>{name === null ? 'What you gave' : name}</p>
      <p className={`caption ${classes.hint}`} data-testid="reading">
        {readingSentence(running)}
        {note && <span className={classes.note}>{note}</span>}
      </p>
      <Progress
        value={100 * share}
        w="100%"
        mb={12}
        aria-label={`Progress of reading ${name ?? 'the files'}`}
        transitionDuration={120}
      />
      <Button size="sm" variant="default" disabled={!cancellable} onClick={cancelImport}>
        {isDownload(running) ? 'Stop' : 'Cancel'}
      </Button>
    </>
  );
}
