/** What goes: units, criterion, how much of what, where; and what that removes, as the slider moves. */
import { NativeSelect, SegmentedControl, Slider, Title } from '@mantine/core';
import { CRITERION_IDS } from '../../lab/prune/criteria';
import { FIELD_COMPENSATIONS } from '../../lab/prune/fields/choice';
import { ORBIT_METHODS } from '../../lab/prune/orbits/choice';
import {
  DEFAULT_FIELDS,
  type FieldsForm,
  orbitMethodOf,
  previewFields,
  settleFields,
  type Target,
  useFields,
} from '../../state/fields/fields';
import { choiceHere, pointHere, useTrunk } from '../../state/fields/trunkState';
import {
  CRITERION_SENTENCES,
  FIELD_COMPENSATION_SENTENCES,
  TARGET_SENTENCES,
} from '../../state/words/choices';
import { planSentence } from '../../state/words/fields';
import { wholePercent } from '../../state/words/format';
import { Explained } from '../parts/Explained';
import { LabelledField } from '../parts/LabelledField';
import { FIELD_COMPENSATION_NAMES, METHOD_LOOKS } from '../parts/methods';
import classes from './ControlsCard.module.css';
import { usePlanHere } from './plan';

const UNITS = [
  { value: 'fields', label: 'Fields' },
  { value: 'orbits', label: 'Spatial orbits' },
  { value: 'channels', label: 'Single channels' },
];

const UNIT_NOTES: Record<FieldsForm['units'], string> = {
  fields:
    'A field is one filter in all its orientations. Whole fields go with everything that reads them, so the network stays equivariant and really becomes smaller.',
  orbits:
    'Kernel positions that the group carries into each other go together. Only a whole outer ring makes the kernel, and the work, smaller.',
  channels:
    'The counter-example: single orientation channels go, as in tools that know of no symmetry. Weights rank the copies of one filter alike, and then whole fields go but for the last one; a random order breaks them all.',
};

const TARGET_NAMES: Record<Target, string> = {
  ratio: 'Each layer’s fields',
  params: 'All parameters',
  macs: 'All multiply-adds',
  latency: 'Measured time',
};

export function ControlsCard() {
  const form = useFields(({ form }) => form);
  const { units } = form;
  return (
    <section className="card" aria-labelledby="fields-title">
      <div className={classes.head}>
        <Title order={2} id="fields-title" className={classes.title}>
          Prune the trunk <Share form={form} />
        </Title>
        <SegmentedControl
          size="sm"
          aria-label="What goes"
          value={units}
          data={UNITS}
          onChange={(value) => settleFields(changesFor(value as FieldsForm['units'], form))}
        />
      </div>
      <p className={`caption ${classes.note}`}>
        <Explained
          term="unit"
          text="What is removed together. In the trunk: whole fields, or positions of the kernels; single channels as the counter-example."
        >
          What goes
        </Explained>
        : {UNIT_NOTES[units]}
      </p>
      <div className={classes.fields}>
        <MethodField form={form} />
        {units === 'fields' && (
          <LabelledField
            label="Compensation"
            term="compensation"
            text={`What takes the place of removed fields, without any training. ${FIELD_COMPENSATION_NAMES[form.compensation]}: ${FIELD_COMPENSATION_SENTENCES[form.compensation]}`}
          >
            <NativeSelect
              aria-label="Compensation"
              value={form.compensation}
              data={FIELD_COMPENSATIONS.map((value) => ({ value, label: FIELD_COMPENSATION_NAMES[value] }))}
              onChange={({ currentTarget }) =>
                settleFields({ compensation: currentTarget.value as FieldsForm['compensation'] })
              }
            />
          </LabelledField>
        )}
        {units === 'fields' && (
          <LabelledField
            label="Share of"
            term="budget"
            text={`What the slider’s share is a share of. ${TARGET_NAMES[form.by]}: ${TARGET_SENTENCES[form.by]}`}
          >
            <NativeSelect
              aria-label="Share of"
              value={form.by}
              data={Object.entries(TARGET_NAMES).map(([value, label]) => ({ value, label }))}
              onChange={({ currentTarget }) => settleFields({ by: currentTarget.value as Target })}
            />
          </LabelledField>
        )}
        {units === 'orbits' && (
          <NativeSelect
            label="What of them"
            value={form.orbits}
            data={[
              { value: 'ring', label: 'The outer ring' },
              { value: 'share', label: 'A share' },
            ]}
            onChange={({ currentTarget }) =>
              settleFields({ orbits: currentTarget.value as FieldsForm['orbits'] })
            }
          />
        )}
      </div>
      <div className={classes.slider}>
        <Slider
          size={12}
          thumbSize={28}
          min={0}
          max={99}
          step={1}
          label={null}
          disabled={hasNoShare(form)}
          value={Math.round(100 * form.removed)}
          onChange={(percent) => previewFields(percent / 100)}
          // The slider reports its last move with the next frame, after the end of the drag.
          onChangeEnd={() => requestAnimationFrame(() => settleFields())}
          thumbLabel="Share removed"
          thumbValueText={(percent) =>
            `${percent} % ${units === 'fields' ? TARGET_NAMES[form.by].toLowerCase() : ''} removed`
          }
        />
      </div>
      <Plan />
    </section>
  );
}

/**
 * Most criteria rank the copies of a filter alike and take whole fields but for the last one; a random order does not,
 * and is of no use for anything else.
 */
function changesFor(
  units: FieldsForm['units'],
  { units: now, method, removed }: FieldsForm,
): Partial<FieldsForm> {
  // A counter-example of nothing shows nothing.
  if (units === 'channels' && now !== units) return { units, method: 'random', removed: removed || 0.5 };
  if (now === 'channels' && method === 'random') return { units, method: DEFAULT_FIELDS.method };
  return { units };
}

const hasNoShare = ({ units, orbits }: FieldsForm): boolean => units === 'orbits' && orbits === 'ring';

function Share({ form }: { form: FieldsForm }) {
  return <span className={classes.share}>{hasNoShare(form) ? 'ring' : wholePercent(form.removed)}</span>;
}

function MethodField({ form }: { form: FieldsForm }) {
  if (hasNoShare(form)) return null;
  const ids = form.units === 'orbits' ? ORBIT_METHODS : CRITERION_IDS;
  const method = form.units === 'orbits' ? orbitMethodOf(form) : form.method;
  return (
    <LabelledField
      label="Lowest first by"
      term="criterion"
      text={`What ranks them; those with the lowest saliency go first. ${METHOD_LOOKS[method].name}: ${CRITERION_SENTENCES[method]}`}
    >
      <NativeSelect
        aria-label="Lowest first by"
        value={method}
        data={ids.map((value) => ({ value, label: METHOD_LOOKS[value].name }))}
        onChange={({ currentTarget }) =>
          settleFields({ method: currentTarget.value as FieldsForm['method'] })
        }
      />
    </LabelledField>
  );
}

/** What goes and what that saves: drawn anew with every tick of the slider. */
function Plan() {
  const ranked = useTrunk(({ ranked }) => ranked)!;
  const plan = usePlanHere();
  const problem = useTrunk(({ problem }) => problem);
  const form = useFields(({ form }) => form);
  const choice = choiceHere(ranked, form)!;
  const isTime = form.units === 'fields' && form.by === 'latency';
  const isMeasured = useTrunk((state) => pointHere(state, form) !== undefined);
  return (
    <>
      <p
        className={classes.plan}
        aria-live="polite"
        data-testid="fields-plan"
        data-problem={problem !== null}
      >
        {problem ??
          (plan && planSentence(ranked.ranking.arch, plan, choice)) ??
          (isTime ? 'What goes is found by measuring.' : 'Ranking …')}
      </p>
      {isTime && (
        <p className={`caption ${classes.note}`}>
          <Explained
            term="budget"
            text="A forward pass is timed again and again to find the fewest fields that meet the budget, which takes seconds. Until the controls rest, multiply-adds stand in for time, and what is shown is what the same share of them would remove."
          >
            {isMeasured ? 'Found by timing on this device' : 'Time is measured when the slider rests'}
          </Explained>
          {isMeasured ? '.' : '; until then multiply-adds stand in for it.'}
        </p>
      )}
    </>
  );
}
