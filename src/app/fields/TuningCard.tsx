/** Fine-tuning what is settled on: head or all, in one step or several, alone or taught by the unpruned network. */
import { Button, Checkbox, Group, NumberInput, SegmentedControl, Title } from '@mantine/core';
import { FINETUNE_RULES, modelFile, wholeOnBench, zipForTakingAlong } from '../../state/drivers/session';
import { finetuneTrunk, stopTuning } from '../../state/drivers/trunk';
import { type FieldsForm, settleFields, tuningOf, useFields } from '../../state/fields/fields';
import { isUnfinished, pointHere, useTrunk } from '../../state/fields/trunkState';
import type { LiveTuning, TuningStep } from '../../state/fields/tuning';
import { useLab } from '../../state/page/lab';
import { madeName } from '../../state/prune/made';
import { SCOPE_SENTENCES } from '../../state/words/choices';
import { FINETUNE_KEY } from '../../state/words/prune';
import { liveSentence, roundSentence, tuningDecision, tuningResult } from '../../state/words/tuning';
import type { TrunkPoint } from '../../storage/rows';
import { CompareButton } from '../parts/CompareButton';
import { DownloadButton, TAKE_ALONG } from '../parts/DownloadButton';
import { Explained } from '../parts/Explained';
import { ExportButton } from '../parts/ExportButton';
import { FinetuneChart } from '../parts/FinetuneChart';
import { NextSteps } from '../parts/NextSteps';
import { progressText } from '../parts/progress';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './TuningCard.module.css';
import { tuningTable } from './tables';

export function TuningCard() {
  const settled = useFields(({ settled }) => settled);
  const pruned = useTrunk((state) => pointHere(state, settled));
  const tuned = useTrunk((state) => pointHere(state, settled, tuningOf(settled)));
  const live = useTrunk(({ tuning }) => tuning);
  const unfinished = useTrunk((state) => isUnfinished(state, settled));
  const baseline = pruned?.result.before.turned[0] ?? tuned?.result.before.turned[0];
  const steps = live ? live.steps : stepsOf(tuned);
  const last = steps.at(-1);
  return (
    <section className="card" aria-labelledby="tuning-title" aria-busy={live !== null}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4" id="tuning-title">
          Fine-tuning
        </Title>
        {tuned?.result.tuned && (
          <SaveMenu what="accuracy by epoch of fine-tuning" table={() => tuningTable(tuned)} />
        )}
      </Group>
      {settled.units === 'channels' ? (
        <p className={classes.sentence}>
          Silenced channels leave no network of the same group, so there is nothing to fine-tune here: choose
          fields or orbits.
        </p>
      ) : (
        <>
          <Controls form={settled} live={live} unfinished={unfinished} />
          <p className={classes.sentence} aria-live="polite" data-testid="tuning-decision">
            {pruned && tuningDecision(pruned.result, settled, FINETUNE_RULES)}
          </p>
          <Rounds steps={steps.slice(0, -1)} all={tuningOf(settled).steps} />
          <p className={`caption ${classes.key}`}>{FINETUNE_KEY}</p>
          <div className={classes.chart}>
            {last && baseline !== undefined ? (
              <FinetuneChart
                epochs={last.epochs}
                baseline={baseline}
                start={last.start}
                stop={live ? null : (tuned?.result.tuned?.stop ?? null)}
              />
            ) : (
              <p className={classes.empty}>Not fine-tuned at this setting.</p>
            )}
          </div>
          <Actions live={live} unfinished={unfinished} tuned={tuned} />
        </>
      )}
    </section>
  );
}

/** The steps of a finished fine-tuning: of those before the last one only how they began and ended is kept. */
function stepsOf(point: TrunkPoint | undefined): TuningStep[] {
  const tuned = point?.result.tuned;
  if (!tuned) return [];
  const rounds = tuned.rounds.map(({ start, ...end }) => ({ start, epochs: [], end }));
  return [...rounds, { start: tuned.start, epochs: tuned.epochs }];
}

function Rounds({ steps, all }: { steps: readonly TuningStep[]; all: number }) {
  if (all < 2) return null;
  return (
    <ol className={`caption ${classes.rounds}`} data-testid="tuning-rounds">
      {steps.map((step, i) => (
        <li key={`${i} ${step.start}`}>{roundSentence(step, i + 1, all)}</li>
      ))}
    </ol>
  );
}

interface ControlsProps {
  readonly form: FieldsForm;
  readonly live: LiveTuning | null;
  readonly unfinished: boolean;
}

function Controls({ form, live, unfinished }: ControlsProps) {
  const doing = useTrunk(({ doing }) => doing);
  const problem = useTrunk(({ problem }) => problem);
  const ready = useLab(({ status }) => status === 'ready');
  const busy = live !== null;
  return (
    <>
      <p className="caption" aria-live="polite">
        <Explained term="scope" text="What learns again; the rest keeps its weights.">
          Scope
        </Explained>
        : {SCOPE_SENTENCES[form.scope]}
        {form.distil === 'yes' && (
          <>
            {' '}
            <Explained
              term="distillation"
              text="It learns the softened answers of the unpruned network, beside the true classes."
            >
              Taught
            </Explained>
            : by the unpruned network’s answers too.
          </>
        )}
      </p>
      <div className={classes.controls}>
        <SegmentedControl
          size="xs"
          aria-label="What fine-tuning trains"
          disabled={busy}
          value={form.scope}
          data={[
            { value: 'head', label: 'Head' },
            { value: 'network', label: 'Whole network' },
          ]}
          onChange={(value) => settleFields({ scope: value as FieldsForm['scope'] })}
        />
        {form.units === 'fields' && (
          <NumberInput
            size="xs"
            w={116}
            label="Steps"
            classNames={{ root: classes.steps }}
            disabled={busy}
            min={1}
            max={20}
            allowDecimal={false}
            clampBehavior="strict"
            value={form.steps}
            onChange={(value) => typeof value === 'number' && value >= 1 && settleFields({ steps: value })}
          />
        )}
        <Checkbox
          size="xs"
          label="Taught by the unpruned network"
          disabled={busy}
          checked={form.distil === 'yes'}
          onChange={({ currentTarget }) => settleFields({ distil: currentTarget.checked ? 'yes' : 'no' })}
        />
      </div>
      {/* One button in one place, so that the keyboard's focus stays on it. */}
      <Button
        mt={10}
        fullWidth
        variant={busy ? 'default' : 'filled'}
        disabled={!busy && (!ready || problem !== null || doing === 'measuring')}
        onClick={busy ? stopTuning : finetuneTrunk}
        aria-disabled={live?.stopping}
      >
        {live ? (live.stopping ? 'Stopping …' : 'Stop') : startWords(form, unfinished)}
      </Button>
    </>
  );
}

const UNFINISHED = 'Its epochs so far are kept in this browser; it goes on after the last one.';

function startWords({ units, steps }: FieldsForm, unfinished: boolean): string {
  if (unfinished) return 'Go on fine-tuning';
  return units === 'fields' && steps > 1 ? `Prune and fine-tune in ${steps} steps` : 'Fine-tune';
}

interface ActionsProps {
  readonly live: LiveTuning | null;
  readonly unfinished: boolean;
  readonly tuned: TrunkPoint | undefined;
}

function Actions({ live, unfinished, tuned }: ActionsProps) {
  const doing = useTrunk(({ doing, progress }) =>
    doing === 'tuning' ? progressText(progress) : 'Goes on when the engine is ready.',
  );
  const key = tuned?.key ?? null;
  return (
    <>
      {/* One gives way to the other in the same place. */}
      <div className={classes.words}>
        <p className={classes.result} aria-live="polite" data-testid="tuning-result">
          {!live &&
            tuned?.result.tuned &&
            tuningResult(tuned.result.tuned, FINETUNE_RULES, tuned.tuning?.steps)}
        </p>
        <p className="caption" role="status" data-testid="tuning-status" data-live={live !== null}>
          {live ? liveSentence(live, doing) : unfinished && UNFINISHED}
        </p>
      </div>
      <Group gap={6} justify="flex-end" mih={30} data-unsaved>
        {!live && key !== null && (
          <>
            <DownloadButton
              label="Save network"
              name="orbit-lab-trunk-tuned.safetensors"
              load={() => modelFile(key)}
            />
            <DownloadButton
              label="Take along (zip)"
              title={TAKE_ALONG}
              name="orbit-lab-trunk-tuned.zip"
              load={async () => zipForTakingAlong(await modelFile(key), 'orbit-lab-trunk-tuned')}
            />
            <ExportButton
              subject={{ name: 'orbit-lab-trunk-tuned', whole: wholeOnBench(), load: () => modelFile(key) }}
            />
            <CompareButton
              before={wholeOnBench()}
              after={{ name: 'pruned and fine-tuned', load: () => modelFile(key) }}
            />
            <NextSteps
              at={{
                kind: 'made',
                name: madeName(tuned?.choice.units === 'orbits' ? 'orbits' : 'fields', true),
                load: () => modelFile(key),
              }}
            />
          </>
        )}
      </Group>
    </>
  );
}
