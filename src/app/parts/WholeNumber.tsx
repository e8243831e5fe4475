/** A whole number that is taken when the field is left or Enter is pressed: what follows from it takes a moment. */
import { NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface Props {
  readonly value: number;
  readonly least: number;
  readonly most: number;
  /** What is taken where nothing is typed; `least` unless given. */
  readonly otherwise?: number;
  /** In pixels. */
  readonly width: number;
  /** Stands in the field; without it something else labels it by its `id`. */
  readonly label?: string;
  readonly id?: string;
  readonly suffix?: string;
  readonly step?: number;
  onTake(value: number): void;
}

export function WholeNumber({
  value,
  least,
  most,
  otherwise = least,
  width,
  label,
  id,
  suffix,
  step,
  onTake,
}: Props) {
  const [typed, setTyped] = useState<number | string>(value);
  useEffect(() => setTyped(value), [value]);
  const take = () => {
    const number = Math.round(Number(typed));
    const wanted = typed === '' || Number.isNaN(number) ? otherwise : number;
    const taken = Math.min(most, Math.max(least, wanted));
    setTyped(taken);
    if (taken !== value) onTake(taken);
  };
  return (
    <NumberInput
      {...(label !== undefined && {
        'aria-label': label,
        leftSection: <span className="caption">{label}</span>,
        leftSectionWidth: 8 + 8 * label.length,
      })}
      id={id}
      size="xs"
      w={width}
      suffix={suffix}
      hideControls
      value={typed}
      onChange={setTyped}
      min={least}
      max={most}
      step={step}
      clampBehavior="none"
      allowDecimal={false}
      onBlur={take}
      onKeyDown={({ key }) => key === 'Enter' && take()}
    />
  );
}
