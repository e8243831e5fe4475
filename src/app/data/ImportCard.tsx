/** Where tiles come in: a zone to drop on, buttons that do the same, and progress. */
import { Alert, Button, FileButton, Group, Progress, Text, Title } from '@mantine/core';
import { useRef } from 'react';
import { type Import, useDatasets } from '../../state/data/datasets';
import { givenByInput } from '../../state/data/dropped';
import { cancelImport, importGiven } from '../../state/drivers/datasets';
import { isDownload, readingSentence } from '../../state/words/data';
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
        <Alert
          color="red"
          role="alert"
          mt="sm"
          title="That did not work"
          classNames={{ message: classes.message }}
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => useDatasets.setState({ trouble: null })}
        >
          {trouble}
        </Alert>
      )}
      <Text className={`caption ${classes.notice}`} role="status" mt={8}>
        {notice ?? 'Nothing you give leaves this computer: tiles are read and kept in this browser.'}
      </Text>
    </section>
  );
}

function Choose() {
  const reset = useRef<() => void>(null);
  const take = (files: readonly File[]) => {
    if (files.length > 0) void importGiven(() => givenByInput(files));
    // So that the same file can be chosen again.
    reset.current?.();
  };
  return (
    <>
      <p className={classes.lead}>Drop files or a folder here</p>
      <p className={`caption ${classes.hint}`}>
        A zip or folder with a subfolder of square pictures for each class; or CIFAR-10’s binary files, or
        MNIST’s pictures and labels together, packed or not.
      </p>
      <Group gap={8} justify="center">
        {/* Any file: MNIST's have no ending, and what they are is read from their bytes. */}
        <FileButton resetRef={reset} multiple onChange={take}>
          {(props) => (
            <Button {...props} size="sm">
              Choose files
            </Button>
          )}
        </FileButton>
        <FileButton resetRef={reset} multiple onChange={take} inputProps={FOLDER}>
          {(props) => (
            <Button {...props} size="sm" variant="default">
              Choose a folder
            </Button>
          )}
        </FileButton>
      </Group>
    </>
  );
}

/** Not in React's types; every desktop browser knows it. */
const FOLDER = { webkitdirectory: '' } as React.ComponentProps<'input'>;

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
