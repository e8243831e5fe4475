/** What is chosen of a design in the forms of Train and Pipeline: its group, its head, and the size it reads. */
import { Select } from '@mantine/core';
import { HEAD_KINDS } from '../../lab/families/gcnn/arch';
import { GROUP_NAMES } from '../../lab/symmetry/group';
import { NO_HEAD } from '../../state/train/designs';
import type { Plan } from '../../state/train/plan';
import { GROUP_SENTENCES, HEAD_NAMES, HEAD_SENTENCES } from '../../state/words/train';
import { LabelledField } from './LabelledField';
import { Choice } from './RunFields';

type Symmetry = Pick<Plan, 'group' | 'head'>;

export function SymmetryFields({
  group,
  head,
  onChange,
}: Symmetry & { onChange(change: Partial<Symmetry>): void }) {
  return (
    <>
      <Choice
        label="Group"
        text="The turns and mirror images under which the answer is to follow exactly, by how the filters are built."
        term="group"
        value={group}
        names={GROUP_NAMES.map((value) => ({ value, label: value }))}
        note={GROUP_SENTENCES[group]}
        onChange={(value) => onChange({ group: value as Plan['group'] })}
      />
      {head !== NO_HEAD && (
        <Choice
          label="Head"
          text="The last layers, which decide on a class; what makes of maps that turn an answer that stays."
          term="head"
          value={head}
          names={HEAD_KINDS.map((value) => ({ value, label: HEAD_NAMES[value] }))}
          note={HEAD_SENTENCES[head]}
          onChange={(value) => onChange({ head: value as Plan['head'] })}
        />
      )}
    </>
  );
}

const SIZES = [8, 16, 32, 64, 128, 256];

interface SizeProps {
  readonly value: number;
  /** Whether a network of this size can be trained on the data. */
  fits(size: number): boolean;
  onChange(size: number): void;
}

/** Side of the input, in pixels: the sizes that fit, and the one that is chosen. */
export function SizeField({ value, fits, onChange }: SizeProps) {
  const fitting = SIZES.filter((size) => fits(size));
  const sizes = [...new Set([...fitting, value])].sort((a, b) => a - b);
  return (
    <LabelledField
      label="Input, px"
      text="Side of the tile as the network reads it: tiles are scaled to it. Four times the pixels take about four times the work."
      term="architecture"
    >
      <Select
        aria-label="Input, px"
        value={String(value)}
        allowDeselect={false}
        data={sizes.map((size) => ({ value: String(size), label: String(size) }))}
        onChange={(size) => size && onChange(Number(size))}
      />
    </LabelledField>
  );
}
