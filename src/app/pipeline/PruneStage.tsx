/** What goes in a stage that prunes, by which measure, and when fine-tuning follows it. */
import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import { changePipeline, type PipelinePlan, usePipeline } from '../../state/pipeline/pipeline';
import { METHOD_LOOKS } from '../parts/methods';
import { Choice, NumberField } from '../parts/RunFields';
import { Row } from '../parts/RunForm';
import classes from './PipelineForm.module.css';

interface PruneProps<C extends string> {
  readonly title: string;
  readonly method: CriterionId;
  onMethod(method: CriterionId): void;
  readonly compensation: C;
  readonly names: Readonly<Record<C, string>>;
  onCompensation(compensation: C): void;
  readonly share: ShareName;
  /** Said where nothing is removed. */
  readonly note: string | false;
  /** Further choices, above the others. */
  readonly children?: ReactNode;
}

export function PruneStage<C extends string>({ title, share, note, children, ...chosen }: PruneProps<C>) {
  const { method, onMethod, compensation, names, onCompensation } = chosen;
  const compensations = Object.entries<string>(names).map(([value, label]) => ({ value: value as C, label }));
  return (
    <fieldset className={classes.stage}>
      <legend>{title}</legend>
      {children}
      <Row cols={2}>
        <Select
          label="Method"
          value={method}
          allowDeselect={false}
          data={CRITERION_IDS.map((value) => ({ value, label: METHOD_LOOKS[value].name }))}
          onChange={(method) => method && onMethod(method)}
        />
        <PercentField name={share} />
      </Row>
      <Select
        label="Compensation"
        value={compensation}
        allowDeselect={false}
        data={compensations}
        onChange={(compensation) => compensation && onCompensation(compensation)}
      />
      {note && <p className="caption">{note}</p>}
    </fieldset>
  );
}

/** How much has to be lost for a fine-tuning to start. */
export function WhenTuned({ tune }: Pick<PipelinePlan, 'tune'>) {
  return (
    <Choice
      label="When"
      value={tune}
      names={[
        { value: 'drop', label: 'Over 2 points lost' },
        { value: 'any', label: 'Anything lost' },
      ]}
      onChange={(tune) => changePipeline({ tune })}
    />
  );
}

/** A share, typed in per cent. */
const percentSchema = z.coerce.number().min(0).lt(100);

type ShareName = 'ratio' | 'fieldShare';

function PercentField({ name }: { name: ShareName }) {
  const ratio = usePipeline(({ plan }) => plan[name]);
  return (
    <NumberField
      label="Removed, %"
      value={Number((100 * ratio).toFixed(3))}
      schema={percentSchema}
      decimals
      onChange={(percent) => changePipeline({ [name]: Number((percent / 100).toFixed(5)) })}
    />
  );
}
