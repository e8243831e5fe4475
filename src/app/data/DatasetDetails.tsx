/** One data set: its facts, what it holds, how it is split, and what can be done with it. */
import { Alert, Badge, Button, Group, NumberInput, Text, Title } from '@mantine/core';
import type { ContactSheet } from '../../lab/data/contactSheet';
import { BALANCE_ADVICE, imbalanceWords } from '../../lab/data/imbalance';
import { useDatasets } from '../../state/data/datasets';
import { canBeRotated, rotateDataset } from '../../state/drivers/datasets';
import { showView } from '../../state/page/view';
import { changePlan, usePlan } from '../../state/train/plan';
import { sizeSentence, splitSentence, untrainableSentence } from '../../state/words/data';
import { bytes } from '../../state/words/format';
import type { DatasetFacts, DatasetRow } from '../../storage/rows';
import { Explained } from '../parts/Explained';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './DatasetDetails.module.css';
import { RemoveButton } from './RemoveButton';
import { SheetFigure } from './SheetFigure';
import { SplitTable } from './SplitTable';
import { useParts } from './split';
import { splitTable } from './tables';

interface Props {
  readonly facts: Omit<DatasetFacts, 'sheet'>;
  /** null while it is painted. */
  readonly sheet: ContactSheet | null;
  /** null for what is kept nowhere. */
  readonly row: DatasetRow | null;
}

export function DatasetDetails({ facts, sheet, row }: Props) {
  const untrainable = untrainableSentence(facts);
  const unequal = imbalanceWords(facts.classes, facts.counts);
  const parts = useParts(facts);
  const isBusy = useDatasets(({ running }) => running !== null);
  const train = () => {
    changePlan({ data: facts.id });
    showView('train');
  };
  return (
    <div className={classes.details}>
      <section className="card" aria-labelledby="details-title">
        <div className={classes.head}>
          <div className={classes.names}>
            <Group gap={8}>
              <Title order={2} size="h3" id="details-title" className={classes.title}>
                {facts.title}
              </Title>
              {facts.synthetic && (
                <Badge variant="outline" color="orange" tt="none" fw={600} className={classes.synthetic}>
                  synthetic data
                </Badge>
              )}
            </Group>
            <Text className="caption" component="p" m={0} data-testid="facts">
              {sizeSentence(facts)}
            </Text>
            {row ? <KeptLine row={row} /> : <SyntheticLine />}
            <Notes notes={row?.notes ?? []} />
          </div>
          <Group gap={8}>
            <Button size="sm" onClick={train} disabled={untrainable !== null}>
              Train on these tiles
            </Button>
            {row && canBeRotated(row) && (
              <Button size="sm" variant="default" disabled={isBusy} onClick={() => void rotateDataset(row)}>
                Make Rotated MNIST
              </Button>
            )}
            {row && <RemoveButton row={row} />}
          </Group>
        </div>
        {unequal && (
          <Alert color="blue" mt="sm" role="note" data-testid="imbalance">
            {unequal} {BALANCE_ADVICE} Choose it under Train.
          </Alert>
        )}
        {untrainable && (
          <Alert color="orange" mt="sm" role="note">
            {untrainable}
          </Alert>
        )}
      </section>
      <section className="card" aria-labelledby="split-title">
        <div className={classes.head}>
          <div className={classes.names}>
            <Title order={3} size="h4" id="split-title">
              Tiles of each class, and the split
            </Title>
            <Text className="caption" component="p" m={0} mb={8}>
              {splitSentence(facts.official)}
            </Text>
          </div>
          <Group gap={8} align="flex-end">
            <SaveMenu
              what="tiles of each class and part"
              table={() => splitTable(facts, parts, usePlan.getState().plan.splitSeed)}
              picture="table"
            />
            <SplitSeed />
          </Group>
        </div>
        <SplitTable facts={facts} parts={parts} />
      </section>
      <section className="card" aria-labelledby="sheet-title">
        <Title order={3} size="h4" id="sheet-title">
          Contact sheet
        </Title>
        <SheetFigure facts={facts} sheet={sheet} parts={parts} />
      </section>
    </div>
  );
}

function KeptLine({ row }: { row: DatasetRow }) {
  const added = new Date(row.added).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Text className="caption" component="p" m={0} data-testid="kept">
      {row.id !== row.title && `Called “${row.id}” · `}
      {bytes(row.bytes)} on the disk · added {added} · content{' '}
      <Explained
        term="fingerprint"
        text="Stands for the pixels, labels, class names and own parts (FNV-1a, 64 bits): two sets with the same mark hold the same tiles."
      >
        {row.hash}
      </Explained>
    </Text>
  );
}

/** How it was read: what was understood, changed or passed over. */
function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className={`caption ${classes.notes}`} aria-label="How it was read" data-testid="import-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function SyntheticLine() {
  return (
    <Text className="caption" component="p" m={0}>
      Painted by code when they are needed, kept nowhere. They are no satellite pictures, and figures on them
      say nothing about real ones.
    </Text>
  );
}

/** The seed of the next training run, shown where its effect is. */
function SplitSeed() {
  const seed = usePlan(({ plan }) => plan.splitSeed);
  return (
    <NumberInput
      label="Split seed"
      size="sm"
      w={120}
      value={seed}
      min={0}
      max={0xffffffff}
      allowDecimal={false}
      clampBehavior="strict"
      onChange={(value) => typeof value === 'number' && changePlan({ splitSeed: value })}
    />
  );
}
