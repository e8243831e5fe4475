/** Which bands of its tiles a network reads, of a set that holds bands. */
import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type Bands, bandWords, rgbOf } from '../../lab/pictures/bands';
import { planSchema } from '../../state/train/plan';
import { Choice } from './RunFields';

interface Props {
  /** Those that the set holds. */
  readonly bands: Bands;
  /** As the plan says it: all, rgb, or numbers. */
  readonly value: string;
  onChange(bands: string): void;
}

export function BandsField({ bands, value, onChange }: Props) {
  const kind = value === 'all' || value === 'rgb' ? value : 'some';
  const rgb = rgbOf(bands.of)?.filter((number) => bands.numbers.includes(number));
  const names = [
    { value: 'all', label: `All ${bands.numbers.length}` },
    ...(rgb?.length === 3 ? [{ value: 'rgb', label: 'Colours' }] : []),
    { value: 'some', label: 'Some' },
  ];
  const choose = (next: string) => onChange(next === 'some' ? bands.numbers.slice(0, 4).join(',') : next);
  const note =
    kind === 'rgb'
      ? `Bands ${rgb?.join(', ')}: the network then reads ordinary pictures too.`
      : `By their numbers in the files (the set holds ${bandWords(bands)}).`;
  return (
    <div>
      <Choice label="Bands" value={kind} names={names} note={note} onChange={choose} />
      {kind === 'some' && <Numbers value={value} onChange={onChange} />}
    </div>
  );
}

/** What is half typed stays in the field; the plan takes what reads as numbers. */
function Numbers({ value, onChange }: Pick<Props, 'value' | 'onChange'>) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const plain = (text: string) => text.replaceAll(/\s/g, '').replace(/,$/, '');
  const fits = (text: string) => planSchema.shape.bands.safeParse(plain(text)).success;
  return (
    <TextInput
      mt={6}
      aria-label="Numbers of the bands, separated by commas"
      value={typed}
      error={!fits(typed)}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        if (fits(currentTarget.value) && !currentTarget.value.endsWith(','))
          onChange(plain(currentTarget.value));
      }}
      onBlur={() => setTyped(value)}
    />
  );
}
