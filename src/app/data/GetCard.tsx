/** Published data sets: what they are, where they come from, and the shortest way to have them here. */
import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { fileName, isMade, type Made, type Manifest, type Published } from '../../lab/data/fetch/manifest';
import { useDatasets } from '../../state/data/datasets';
import { downloadPublished, forgetDownload, rotateDataset } from '../../state/drivers/datasets';
import { bytes, whole } from '../../state/words/format';
import classes from './GetCard.module.css';
import { MANIFESTS, sourceOf } from './published';

export function GetCard() {
  return (
    <section className="card" aria-labelledby="get-title">
      <Title order={2} size="h4" id="get-title" mb={8}>
        Get a data set
      </Title>
      <div className={classes.list}>
        {MANIFESTS.map((manifest) => (
          <PublishedSet key={manifest.name} manifest={manifest} />
        ))}
      </div>
    </section>
  );
}

function PublishedSet({ manifest }: { manifest: Manifest }) {
  const { title, about, count, size, licence, citations } = manifest;
  const { files } = sourceOf(manifest);
  const total = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  // Titles are given by content, so this is the very set.
  const isKept = useDatasets(({ rows }) => rows?.some((row) => row.title === title) ?? false);
  return (
    <details className={classes.set}>
      <summary>
        <strong>{title}</strong>
        <span className="caption">
          {whole(count)} tiles, {size}×{size}, {bytes(total)}
          {isKept && ' · kept in this browser'}
        </span>
      </summary>
      <p className={classes.about}>{about}</p>
      {isMade(manifest) ? <MakeIt manifest={manifest} /> : <GetIt manifest={manifest} isKept={isKept} />}
      <dl className={`caption ${classes.facts}`}>
        <dt>Licence</dt>
        <dd>{licence}</dd>
        <dt>Cite</dt>
        {citations.map((citation) => (
          <dd key={citation}>{citation}</dd>
        ))}
        {!isMade(manifest) && (
          <>
            <dt>{files.length === 1 ? 'Checksum' : 'Checksums'}</dt>
            {files.map((file) => (
              <dd key={file.url} className={classes.sum}>
                {files.length > 1 && `${fileName(file)}: `}
                {file.sha256 ? `SHA-256 ${file.sha256}` : `MD5 ${file.md5}`}
              </dd>
            ))}
          </>
        )}
      </dl>
    </details>
  );
}

function GetIt({ manifest, isKept }: { manifest: Published; isKept: boolean }) {
  const { name, title, files } = manifest;
  const isBusy = useDatasets(({ running }) => running !== null);
  const came = useDatasets(({ parts }) => parts[name] ?? 0);
  const isReadable = files.every(({ crossOrigin }) => crossOrigin);
  const links = files.map((file) => (
    <li key={file.url}>
      <Anchor href={file.url} target="_blank" rel="noreferrer" inherit underline="always">
        {fileName(file)}
      </Anchor>
    </li>
  ));
  return (
    <>
      {isReadable && !isKept && (
        <Group gap={8} mb={8}>
          <Button size="sm" disabled={isBusy} onClick={() => void downloadPublished(manifest)}>
            {came > 0 ? 'Download the rest' : 'Download here'}
          </Button>
          {came > 0 && (
            <Button
              size="sm"
              variant="default"
              disabled={isBusy}
              onClick={() => void forgetDownload(manifest)}
            >
              Throw away {bytes(came)}
            </Button>
          )}
        </Group>
      )}
      <Text className="caption" component="p" m={0}>
        {isReadable
          ? `From ${hostsOf(manifest)}, which is asked only when you press. Or fetch the file yourself, and drop it above as it is:`
          : `${hostsOf(manifest)} is not known to let other pages read its files, so this page cannot fetch ${title} for you. Fetch ${files.length === 1 ? 'the file' : 'the files'} by ${files.length === 1 ? 'this link, and drop it' : 'these links, and drop them together'} above, as ${files.length === 1 ? 'it is' : 'they are'}:`}
      </Text>
      <ul className={`caption ${classes.links}`}>{links}</ul>
    </>
  );
}

/** A rotated draw is made here, once the set it is drawn from is kept. */
function MakeIt({ manifest }: { manifest: Made }) {
  const isBusy = useDatasets(({ running }) => running !== null);
  const { title } = sourceOf(manifest);
  const row = useDatasets(({ rows }) => rows?.find((kept) => kept.title === title));
  return (
    <Group gap={8} mb={8}>
      {row ? (
        <Button size="sm" disabled={isBusy} onClick={() => void rotateDataset(row)}>
          Make it from {title}
        </Button>
      ) : (
        <Text className="caption" component="p" m={0}>
          Get {title} first; then it is made here, without a further download.
        </Text>
      )}
    </Group>
  );
}

const hostsOf = ({ files }: Published): string =>
  [...new Set(files.map(({ url }) => new URL(url).host))].join(' and ');
