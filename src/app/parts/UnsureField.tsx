/** Below which probability an answer counts as unsure, in per cent. */
import { Text } from '@mantine/core';
import { UNSURE } from '../../lab/evaluate/unsure';
import { WholeNumber } from './WholeNumber';

interface Props {
  readonly id: string;
  /** A probability, 0 … 1. */
  readonly value: number;
  onTake(value: number): void;
}

export function UnsureField({ id, value, onTake }: Props) {
  return (
    <div>
      <Text component="label" htmlFor={id} size="xs" fw={500} display="block" mb={2}>
        Unsure below
      </Text>
      <WholeNumber
        id={id}
        value={Math.round(100 * value)}
        least={0}
        most={100}
        otherwise={100 * UNSURE}
        width={84}
        suffix=" %"
        onTake={(taken) => onTake(taken / 100)}
      />
    </div>
  );
}
