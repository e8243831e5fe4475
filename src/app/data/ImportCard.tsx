/** Where tiles come in: a zone to drop on, buttons that do the same, progress, and where to get EuroSAT. */
import { Alert, Anchor, Button, FileButton, Group, Progress, Text, Title } from '@mantine/core';
import { useRef } from 'react';
import eurosat from '../../../datasets/eurosat.json';
import { readingSentence } from '../../stores/dataSentences';
import { cancelImport, type Import, importGiven, useDatasets } from '../../stores/datasets';
import { givenByInput } from '../../stores/dropped';
import { bytes, whole } from '../../stores/format';
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
      <EuroSat />
    </section>
  );
}

function Choose() {
  const reset = useRef<() => void>(null);
  const take = (given: File | readonly File[] | null) => {
    const files = given instanceof File ? [given] : (given ?? []);
    if (files.length > 0) void importGiven(() => givenByInput(files));
    // So that the same file can be chosen again.
    reset.current?.();
  };
  return (
    <>
      <p className={classes.lead}>Drop a zip or a folder here</p>
      <p className={`caption ${classes.hint}`}>
        One subfolder per class, with square JPEG or PNG tiles of one size.
      </p>
      <Group gap={8} justify="center">
        <FileButton resetRef={reset} onChange={take} accept=".zip,.tiles,application/zip">
          {(props) => (
            <Button {...props} size="sm">
              Choose a zip
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
  const { name, progress, cancellable } = running;
  const share = progress ? progress.done / progress.total : 0;
  return (
    <>
      <p className={classes.lead}>{name === null ? 'What you gave' : name}</p>
      <p className={`caption ${classes.hint}`} data-testid="reading">
        {readingSentence(running)}
      </p>
      <Progress
        value={100 * share}
        w="100%"
        mb={12}
        aria-label={`Progress of reading ${name ?? 'the files'}`}
        transitionDuration={120}
      />
      <Button size="sm" variant="default" disabled={!cancellable} onClick={cancelImport}>
        Cancel
      </Button>
    </>
  );
}

/** The page asks nobody for it: a link, and what to check it against. */
function EuroSat() {
  const [file] = eurosat.files;
  return (
    <Text className="caption" component="p" mt={12} mb={0}>
      <strong>EuroSAT</strong>: {whole(eurosat.count)} Sentinel-2 tiles of {eurosat.size}×{eurosat.size}{' '}
      pixels in ten land-cover classes. Fetch{' '}
      <Anchor href={file.url} target="_blank" rel="noreferrer" inherit underline="always">
        EuroSAT.zip
      </Anchor>{' '}
      ({bytes(file.bytes)}, MD5 <code className={classes.sum}>{file.md5}</code>) and drop it here as it is.
      Licence: {eurosat.licence}.
    </Text>
  );
}
