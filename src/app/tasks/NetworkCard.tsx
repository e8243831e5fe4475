/** Which network looks: chosen, trained right here, stopped, gone on with, saved, opened from a file; and what it is. */
import { Button, Group, Progress, SegmentedControl, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { TASK_LAMBDAS, WAYS, type Way } from '../../lab/tasks/adapting';
import { openNetworkFiles } from '../../state/drivers/networks';
import { stopNetwork, taskFile, trainNetwork } from '../../state/drivers/tasks';
import { useLab } from '../../state/page/lab';
import { slug } from '../../state/page/table';
import { lambdaOf, NUMBERS, TASK_OF, useTasks, wantedOf } from '../../state/tasks/form';
import { isTrained, shareOf, useTasksKnown } from '../../state/tasks/known';
import { explain } from '../../state/words/explain';
import { capital, millions, percent, whole } from '../../state/words/format';
import { keptSentence, liveSentence, WAY_NAMES, WAY_WORDS } from '../../state/words/tasks';
import type { TaskNetwork } from '../../worker/protocol/results';
import { ChooseFiles } from '../parts/ChooseFiles';
import { WholeNumber } from '../parts/WholeNumber';
import { save } from '../saving/save';
import classes from './NetworkCard.module.css';

export function NetworkCard() {
  const form = useTasks();
  const { way } = form;
  const wanted = wantedOf(form, way);
  const network = useTasksKnown(({ networks }) => networks[wanted.key]);
  return (
    <section className="card" aria-labelledby="network-title">
      <Title order={3} size="h5" id="network-title" mb={8}>
        The network
      </Title>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Network"
        orientation="vertical"
        data={WAYS.map((each) => ({ value: each, label: <Choice way={each} /> }))}
        value={way}
        onChange={(value) => useTasks.setState({ way: value as Way })}
      />
      <Text className="caption" component="p" mt={8} mb={8}>
        {WAY_WORDS[way]}
      </Text>
      <Group gap="md" mb={8}>
        {way === 'adapted' && <Lambda />}
        <WholeNumber
          label="Seed"
          {...NUMBERS}
          value={form.seed}
          onTake={(seed) => useTasks.setState({ seed })}
        />
      </Group>
      <Training />
      <Files isTrained={isTrained(network)} />
      {network && (
        <dl className={classes.figures}>
          <dt>Free weights</dt>
          <dd>{whole(network.cost.params)}</dd>
          <dt>Multiply-adds for one</dt>
          <dd>{millions(network.cost.macs)}</dd>
          <Figures network={network} />
        </dl>
      )}
      <details className={classes.data}>
        <summary>What it learns from</summary>
        {network?.data.map((line) => (
          <p key={line} className="caption">
            {line}
          </p>
        ))}
      </details>
    </section>
  );
}

/** A way, marked where its network is trained. */
function Choice({ way }: { way: Way }) {
  const form = useTasks();
  const trained = useTasksKnown(({ networks }) => isTrained(networks[wantedOf(form, way).key]));
  return (
    <span className={classes.choice}>
      {WAY_NAMES[way]}
      <span className={classes.state}>{trained ? 'trained' : 'not trained'}</span>
    </span>
  );
}

function Lambda() {
  const form = useTasks();
  const offered = TASK_LAMBDAS[TASK_OF[form.tab]];
  return (
    <Group gap={6}>
      <span className="caption" id="lambda-label">
        λ
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="lambda-label"
        data={offered.map(String)}
        value={String(lambdaOf(form))}
        onChange={(value) => useTasks.setState({ lambda: Number(value) })}
      />
    </Group>
  );
}

/** Trains, or says where the training is. */
function Training() {
  const form = useTasks();
  const wanted = wantedOf(form, form.way);
  const network = useTasksKnown(({ networks }) => networks[wanted.key]);
  const live = useTasksKnown(({ live }) => live);
  if (!live) {
    const begun = network?.trainings.some(({ history }) => history.length > 0);
    return (
      <>
        <p
          className={classes.status}
          data-testid="task-status"
          data-status={isTrained(network) ? 'trained' : 'idle'}
        >
          {keptSentence(network)}
        </p>
        {!isTrained(network) && (
          <Button size="sm" disabled={!network} onClick={() => void trainNetwork(form.way)}>
            {begun ? 'Go on training' : 'Train it here'}
          </Button>
        )}
      </>
    );
  }
  const own = live.wanted.key === wanted.key;
  return (
    <>
      <p className={classes.status} data-testid="task-status" data-status={live.status} aria-live="off">
        {own ? '' : `The ${WAY_NAMES[live.wanted.way]} network is trained first. `}
        {liveSentence(live)}
      </p>
      <Progress
        value={100 * shareOf(live)}
        aria-label="Share of this training that is done"
        transitionDuration={0}
        mb={8}
      />
      <Button size="sm" variant="default" disabled={live.status === 'stopping'} onClick={stopNetwork}>
        Stop for now
      </Button>
    </>
  );
}

/** Save the network, where it is trained, and open one that was saved. */
function Files({ isTrained }: { isTrained: boolean }) {
  const { tab, way, seed } = useTasks();
  const busy = useTasksKnown(({ live }) => live !== null);
  const [isSaving, setSaving] = useState(false);
  const saveIt = async () => {
    setSaving(true);
    try {
      save(
        new Uint8Array(await taskFile(way)),
        `${slug(`${tab} ${WAY_NAMES[way]} seed ${seed}`)}.safetensors`,
      );
    } catch (error) {
      useLab.setState({ refusal: `The network could not be handed out. ${explain(error)}` });
    }
    setSaving(false);
  };
  return (
    <Group gap={8} mt={8}>
      {isTrained && (
        <Button size="sm" variant="default" loading={isSaving} onClick={() => void saveIt()}>
          Save network
        </Button>
      )}
      <ChooseFiles
        label="Open a network …"
        variant="default"
        accept=".safetensors"
        disabled={busy}
        onFiles={(files) => void openNetworkFiles(files)}
      />
    </Group>
  );
}

/** On the test part. */
function Figures({ network: { measures, figures } }: { network: TaskNetwork }) {
  if (!figures) return null;
  return measures.map(({ id, label }) => (
    <div key={id} className={classes.figure}>
      {/* The unit stands behind the figure. */}
      <dt>{capital(label.replace(/, %( of)?/, '$1'))}</dt>
      <dd>{percent(figures.values[id])}</dd>
    </div>
  ));
}
