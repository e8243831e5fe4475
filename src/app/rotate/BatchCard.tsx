/** Any number of pictures, a row each: what is given and chosen, how far it is, and what came of it. */
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  Progress,
  SegmentedControl,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { useEffect, useState } from 'react';
import { RESIZE_WORDS, RESIZES, type Resize } from '../../lab/pictures/resize';
import { chooseBatch, givenCount, useBatch } from '../../state/batch/batch';
import { givenByDrop, givenByInput } from '../../state/data/dropped';
import { bringBatch, recallBatch, startBatch, stopBatch } from '../../state/drivers/batch';
import { refreshRuns } from '../../state/drivers/looking';
import { useLooking } from '../../state/rotate/looking';
import { defaultNets } from '../../state/rotate/netRefs';
import { useTurning } from '../../state/rotate/turning';
import { batchPace } from '../../state/words/batch';
import { apart, capital, count } from '../../state/words/format';
import { ChooseFiles } from '../parts/ChooseFiles';
import { Notice } from '../parts/Notice';
import { progressText } from '../parts/progress';
import { UnsureField } from '../parts/UnsureField';
import { hasFiles } from '../parts/useDropZone';
import classes from './BatchCard.module.css';
import { BatchResult } from './BatchResult';
import { useOffered } from './useOffered';

export function BatchCard() {
  useEffect(() => void recallBatch(), []);
  const [over, setOver] = useState(false);
  const isRunning = useBatch(({ running }) => running !== null);
  const given = useBatch(({ given }) => given);
  const row = useBatch(({ row }) => row);
  const trouble = useBatch(({ trouble }) => trouble);
  return (
    <section
      className={`card ${classes.card}`}
      aria-labelledby="batch-title"
      data-over={over || undefined}
      onDragEnter={({ nativeEvent }) => setOver(hasFiles(nativeEvent))}
      onDragLeave={({ currentTarget, relatedTarget }) =>
        currentTarget.contains(relatedTarget as Node | null) || setOver(false)
      }
      onDrop={(event) => {
        setOver(false);
        if (!hasFiles(event.nativeEvent)) return;
        // This one is not for the strip.
        event.preventDefault();
        event.stopPropagation();
        void bringBatch(() => givenByDrop(event.nativeEvent));
      }}
    >
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.intro}>
          <Title order={2} size="h4" id="batch-title">
            Classify many pictures
          </Title>
          <Text className="caption" component="p" m={0}>
            Drop a folder, a zip or any number of tiles on this card: each becomes one row of a CSV file, with
            its answer, the probability of each class, whether turned copies are answered alike, and what to
            look at. Stopped or reloaded, it goes on where it was.
          </Text>
        </div>
        <Group gap={8}>
          <ChooseFiles label="Choose a folder to classify" folder disabled={isRunning} onFiles={take} />
          <ChooseFiles
            label="Zip or pictures"
            variant="default"
            several
            disabled={isRunning}
            onFiles={take}
          />
        </Group>
      </Group>
      {given && <Choices />}
      <Going />
      {trouble && (
        <Notice
          kind="trouble"
          mt="sm"
          title="That did not work"
          onDismiss={() => useBatch.setState({ trouble: null })}
        >
          {trouble}
        </Notice>
      )}
      {row && <BatchResult row={row} />}
    </section>
  );
}

const take = (files: readonly File[]) => void bringBatch(() => givenByInput(files));

const REAL = { synthetic: false, dataset: null };

/** What is given, and all that decides the rows. */
function Choices() {
  const given = useBatch(({ given }) => given)!;
  const wanted = useBatch(({ choices }) => choices);
  const isRunning = useBatch(({ running }) => running !== null);
  const row = useBatch(({ row }) => row);
  const chosen = useBatch(({ net }) => net);
  const looking = useTurning(({ nets }) => nets?.[0]);
  const groups = useOffered([])(chosen ?? looking ?? null);
  const choices = useLooking(({ choices }) => choices);
  // What people bring is real; who has a network of their own means that.
  const mine = groups.find(({ group }) => group === 'My networks')?.items[0].value;
  const net = chosen ?? looking ?? mine ?? (choices && defaultNets(choices, [], REAL)[0]) ?? null;
  const many = givenCount(given);
  return (
    <fieldset className={classes.choices} disabled={isRunning} aria-label="What to classify, and how">
      <Text size="sm" component="p" m={0} className={classes.given}>
        <strong>
          <bdi>{given.name}</bdi>
        </strong>
        {many !== null && `: ${count(many, 'picture')}`}
      </Text>
      <NativeSelect
        size="xs"
        label="Network"
        className={classes.net}
        disabled={isRunning}
        data={groups}
        value={net ?? ''}
        onFocus={() => void refreshRuns()}
        onChange={({ currentTarget }) => useBatch.setState({ net: currentTarget.value })}
      />
      <UnsureField id="batch-unsure" value={wanted.unsure} onTake={(unsure) => chooseBatch({ unsure })} />
      <div>
        <span className={classes.label} id="batch-resize">
          Not square
        </span>
        <SegmentedControl
          size="xs"
          aria-labelledby="batch-resize"
          disabled={isRunning}
          data={RESIZES.map((value) => ({ value, label: value }))}
          value={wanted.resize}
          onChange={(value) => chooseBatch({ resize: value as Resize })}
        />
      </div>
      <Switch
        size="sm"
        label="Mirror images too"
        disabled={isRunning}
        checked={wanted.mirrors}
        onChange={({ currentTarget }) => chooseBatch({ mirrors: currentTarget.checked })}
      />
      <Button size="sm" disabled={isRunning || !net} onClick={() => net && void startBatch(net)}>
        {!isRunning && row && row.summary.done < row.total && row.name === given.name ? 'Go on' : 'Classify'}
      </Button>
      <Text className={`caption ${classes.said}`} component="p" m={0}>
        All are brought to the network’s size. Of one that is not square {RESIZE_WORDS[wanted.resize]}.
      </Text>
    </fieldset>
  );
}

/** How far it is. */
function Going() {
  const running = useBatch(({ running }) => running);
  const notice = useBatch(({ notice }) => notice);
  return (
    <div role="status">
      {running && <Bar {...running} />}
      {running && notice && (
        <Alert mt="xs" p="xs">
          {notice}
        </Alert>
      )}
    </div>
  );
}

function Bar({ progress, pace, isEnding }: NonNullable<ReturnType<typeof useBatch.getState>['running']>) {
  const row = useBatch(({ row }) => row);
  const given = useBatch(({ given }) => given);
  const isCounting = progress !== null && progress.total > 1 && progress.what.startsWith('classifying');
  return (
    <Group gap="sm" mt="sm" wrap="nowrap">
      <div className={classes.bar}>
        <span className="caption" data-testid="batch-progress">
          {isCounting
            ? `${capital(progress.what)}: ${batchPace(progress.done, progress.total, pace)}`
            : progressText(progress)}
        </span>
        <Progress
          value={isCounting ? (100 * progress.done) / progress.total : 0}
          aria-label={`Progress of classifying ${apart(row?.name ?? given?.name ?? 'the pictures')}`}
          transitionDuration={120}
        />
      </div>
      <Button size="sm" variant="default" flex="none" disabled={isEnding} onClick={stopBatch}>
        Stop
      </Button>
    </Group>
  );
}
