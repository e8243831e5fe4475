/** The frame that the forms of Train and Pipeline share: data set first, then what each asks, then its button. */
import { SimpleGrid, Title } from '@mantine/core';
import type { HTMLAttributes, ReactNode } from 'react';
import type { z } from 'zod';
import type { PlanData } from '../../state/train/plan';
import { DataField, More, NumberField, type NumberProps, StartButton } from './RunFields';
import classes from './RunForm.module.css';

interface Props {
  /** Begins the id of its title. */
  readonly name: string;
  readonly title: string;
  readonly data: string;
  /** null while they are being read. */
  readonly datasets: readonly PlanData[] | null;
  onData(id: string): void;
  readonly button: string;
  /** Why it cannot be started, in words. */
  readonly problem: string | null;
  /** What is kept while it runs: "every finished … is kept". */
  readonly kept: string;
  onStart(): void;
  /** Attributes of the section, of a zone to drop on for instance. */
  readonly section?: HTMLAttributes<HTMLElement> & { readonly 'data-over'?: boolean };
  readonly children: ReactNode;
  /** Below the button. */
  readonly foot?: ReactNode;
}

export function RunForm({ name, title, section, children, foot, onStart, ...rest }: Props) {
  return (
    <section className={`card ${classes.form}`} aria-labelledby={`${name}-title`} {...section}>
      <Title order={2} size="h4" id={`${name}-title`}>
        {title}
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onStart();
        }}
      >
        <DataField value={rest.data} datasets={rest.datasets ?? []} onChange={rest.onData} />
        {children}
        <div>
          <StartButton label={rest.button} problem={rest.problem} ready={rest.datasets !== null}>
            Runs on this computer; every finished {rest.kept} is kept, so you may close the page at any time.
          </StartButton>
        </div>
        {foot}
      </form>
    </section>
  );
}

/** Fields side by side, their inputs on one line. */
export function Row({ cols = 3, children }: { cols?: number; children: ReactNode }) {
  return (
    <SimpleGrid cols={cols} spacing="xs" className={classes.row}>
      {children}
    </SimpleGrid>
  );
}

type NamedNumber<Name extends string> = { readonly name: Name } & Pick<
  NumberProps,
  'label' | 'text' | 'term' | 'decimals' | 'step'
>;

export type NumberOf<Name extends string> = (props: NamedNumber<Name>) => ReactNode;

/**
 * Makes the number field of one form: it knows each number by its name, and takes what the form's schema allows.
 *
 * @param useValue the hook that reads a number of the form.
 */
export function createNumberOf<Name extends string>(
  schema: Readonly<Record<Name, z.ZodType>>,
  useValue: (name: Name) => number,
  change: (changes: { [N in Name]?: number }) => void,
): NumberOf<Name> {
  return function NumberOf({ name, ...rest }) {
    const value = useValue(name);
    const onChange = (next: number) => change({ [name]: next } as { [N in Name]?: number });
    return <NumberField {...rest} value={value} schema={schema[name]} onChange={onChange} />;
  };
}

interface MoreProps {
  readonly NumberOf: NumberOf<'batch' | 'rate' | 'splitSeed'>;
}

/** What few people change of a training. */
export function MoreOfTraining({ NumberOf }: MoreProps) {
  return (
    <More what="batch, learning rate, split">
      <Row>
        <NumberOf
          name="batch"
          label="Batch"
          text="Tiles that are looked at before the weights change by one step."
          term="batch"
        />
        <NumberOf
          name="rate"
          label="Learning rate"
          text="How far the weights go in one step."
          term="learning-rate"
          decimals
          step={0.001}
        />
        <NumberOf
          name="splitSeed"
          label="Split seed"
          text="The division into training, validation and test tiles is drawn from it."
          term="split"
        />
      </Row>
    </More>
  );
}
