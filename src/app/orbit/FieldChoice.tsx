/** Which filter of the first layer is shown. */
import { NativeSelect } from '@mantine/core';
import type { OrbitMaps } from '../../lab/evaluate/orbit';

interface Props {
  readonly whole: OrbitMaps;
  onChoose(field: number): void;
}

export const FieldChoice = ({ whole: { field, fields }, onChoose }: Props) => (
  <NativeSelect
    size="xs"
    aria-label="Filter of the first layer"
    data={Array.from({ length: fields }, (_, i) => ({
      value: String(i),
      label: `Filter ${i + 1} of ${fields} in the first layer`,
    }))}
    value={String(field)}
    onChange={({ currentTarget: { value } }) => onChoose(Number(value))}
  />
);
