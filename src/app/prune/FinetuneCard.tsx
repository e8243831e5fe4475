/** Adaptive fine-tuning of what was settled on: the decision, the line that climbs, the result. */
import { Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { Suspense } from 'react';
import type { SliderUnit } from '../../lab/families/units';
import {
  finetuneAgain,
  modelFile,
  rulesFor,
  stopFinetuning,
  wholeOnBench,
  zipForTakingAlong,
} from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { type Finetuning, finetuningOf, settle, useExperiment } from '../../state/prune/experiment';
import { madeName } from '../../state/prune/made';
import { pruneFacts } from '../../state/prune/sheets';
import { SCOPE_SENTENCES } from '../../state/words/choices';
import { BLOCK_TUNING_SENTENCE, decisionSentence, FINETUNE_KEY } from '../../state/words/prune';
import { PAGE_SCOPES, type Setting } from '../../worker/protocol/choices';
import { CompareButton } from '../parts/CompareButton';
import { DownloadButton, TAKE_ALONG } from '../parts/DownloadButton';
import { Explained } from '../parts/Explained';
import { ExportButton } from '../parts/ExportButton';
import { lazyView } from '../parts/lazyView';
import { NextSteps } from '../parts/NextSteps';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './FinetuneCard.module.css';
import { resultWords } from './result';
import { useSheet } from './selectors';
import { finetuneTable } from './tables';

const SCOPE_NAMES: Record<Setting['scope'], string> = { head: 'Head', output: 'Output layer' };

const FinetuneChart = lazyView(async () => ({
  default: (await import('../parts/FinetuneChart')).FinetuneChart,
}));

export function FinetuneCard() {
  const sheet = useSheet();
  const settled = useExperiment(({ settled }) => settled);
  const tuned = useExperiment((state) => finetuningOf(state, state.settled));
  const facts = pruneFacts(sheet, settled);
  const rules = rulesFor(sheet.unit);
  return (
    <section className="card" aria-labelledby="finetune-title">
      <Group justify="space-between" wrap="nowrap" mb={6}>
        <Title order={2} size="h4" id="finetune-title">
          Fine-tuning
        </Title>
        <Group gap={6} wrap="nowrap">
          {tuned && (
            <SaveMenu
              what="accuracy by epoch of fine-tuning"
              table={() => finetuneTable(facts, tuned.epochs, settled, sheet, useLab.getState().opened!)}
            />
          )}
          {sheet.unit === 'neuron' && (
            <SegmentedControl
              size="xs"
              aria-label="What fine-tuning trains"
              value={settled.scope}
              data={PAGE_SCOPES.map((value) => ({ value, label: SCOPE_NAMES[value] }))}
              onChange={(value) => settle({ scope: value as Setting['scope'] })}
            />
          )}
        </Group>
      </Group>
      {sheet.unit === 'neuron' && (
        <p className={`caption ${classes.scope}`} aria-live="polite">
          <Explained term="scope" text="What learns again; the rest keeps its weights.">
            Scope
          </Explained>
          : {SCOPE_SENTENCES[settled.scope]}
        </p>
      )}
      <p className={classes.decision} aria-live="polite" data-testid="decision">
        {decisionSentence(facts, rules)}
        {sheet.unit !== 'neuron' && ` ${BLOCK_TUNING_SENTENCE}`}
      </p>
      <p className={`caption ${classes.unit}`}>{FINETUNE_KEY}</p>
      <div className={classes.chart}>
        {tuned ? (
          <Suspense>
            <FinetuneChart
              epochs={tuned.epochs}
              baseline={tuned.status === 'done' ? tuned.result.baseline : facts.baseline}
              start={tuned.status === 'done' ? tuned.result.start : facts.accuracy}
              rules={rules}
              stop={tuned.status === 'done' ? tuned.result.stop : null}
            />
          </Suspense>
        ) : (
          <p className={classes.empty}>No fine-tuning at this setting.</p>
        )}
      </div>
      <Group justify="space-between" gap="xs" mt={4} mih={36}>
        <Text
          className="caption"
          component="p"
          data-testid="finetune-status"
          data-status={tuned?.status ?? 'none'}
        >
          {tuned ? statusText(tuned, rules.epochs) : ''}
        </Text>
        {tuned && <Actions tuned={tuned} unit={sheet.unit} />}
      </Group>
      <p className={classes.result} aria-live="polite" data-testid="result">
        {tuned?.status === 'done' && resultWords(tuned, rules)}
        {tuned?.status === 'failed' && `Fine-tuning failed: ${tuned.message}`}
      </p>
    </section>
  );
}

/** Of a network from elsewhere there is no script that runs it: it is taken along as ONNX, TFLite or C. */
function Actions({ tuned, unit }: { tuned: Finetuning; unit: SliderUnit }) {
  const ready = useLab(({ status }) => status === 'ready');
  if (tuned.status === 'queued' || tuned.status === 'running') {
    return (
      <Button size="xs" variant="default" onClick={stopFinetuning}>
        Stop
      </Button>
    );
  }
  const again = tuned.status === 'failed' || (tuned.status === 'done' && tuned.result.stop === 'stopped');
  return (
    <Group gap={6} justify="flex-end" flex={again ? undefined : '0 1 auto'} data-unsaved>
      {tuned.status === 'done' && (
        <DownloadButton
          label="Save network"
          name="orbit-lab-fine-tuned.safetensors"
          load={() => modelFile(tuned.result.key)}
        />
      )}
      {tuned.status === 'done' && unit !== 'filter' && (
        <DownloadButton
          label="Take along (zip)"
          title={TAKE_ALONG}
          name="orbit-lab-fine-tuned.zip"
          load={async () => zipForTakingAlong(await modelFile(tuned.result.key), 'orbit-lab-fine-tuned')}
        />
      )}
      {tuned.status === 'done' && (
        <ExportButton
          subject={{
            name: 'orbit-lab-fine-tuned',
            whole: wholeOnBench(),
            load: () => modelFile(tuned.result.key),
          }}
        />
      )}
      {tuned.status === 'done' && (
        <CompareButton
          before={wholeOnBench()}
          after={{ name: madeName('tuned'), load: () => modelFile(tuned.result.key) }}
        />
      )}
      {tuned.status === 'done' && (
        <NextSteps
          filters={unit === 'filter'}
          at={{ kind: 'made', name: madeName('tuned'), load: () => modelFile(tuned.result.key) }}
        />
      )}
      {again && (
        <Button
          size="xs"
          variant="default"
          disabled={!ready}
          onClick={() => void finetuneAgain(tuned.setting)}
        >
          Run again
        </Button>
      )}
    </Group>
  );
}

/** Where the run is, and whether it was picked up again. */
function statusText(tuned: Finetuning, most: number): string {
  const { status, epochs, inEpoch, resumedFrom, elsewhere, note } = tuned;
  const resumed = resumedFrom === null ? '' : ` Picked up after epoch ${resumedFrom}.`;
  const noted = note === null ? '' : ` ${note}`;
  if (status === 'queued') return 'Waiting for the work before it.';
  if (elsewhere) return `Another tab fine-tunes this very setting: epoch ${epochs.length + 1} there.`;
  if (status === 'running')
    return `Epoch ${epochs.length + 1}, ${Math.round(100 * inEpoch)} %.${resumed}${noted}`;
  return `${epochs.length} of at most ${most} epochs.${resumed}${noted}`;
}
