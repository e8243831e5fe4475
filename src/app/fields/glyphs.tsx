/** A field as a flower with a petal for each orientation, and a kernel as its square of positions. */
import { memo } from 'react';
import { GROUPS, type GroupName } from '../../lab/symmetry/group';
import classes from './glyphs.module.css';

interface FieldProps {
  readonly field: number;
  readonly group: GroupName;
  readonly gone: boolean;
  /** Channels of the layer that are silenced, f·|G| + g. */
  readonly channels: ReadonlySet<number>;
}

/** Memoised by what is seen of it: a drag redraws only the fields that change sides. */
export const FieldGlyph = memo(
  function FieldGlyph({ field, group, gone, channels }: FieldProps) {
    const { order } = GROUPS[group];
    const turns = GROUPS[group].elements.filter(({ mirror }) => !mirror).length;
    return (
      <svg className={classes.field} viewBox="-16 -16 32 32" aria-hidden="true" data-gone={gone || undefined}>
        {Array.from({ length: order }, (_, g) => (
          <ellipse
            key={g}
            className={classes.petal}
            // Mirrored copies stand between the turned ones, hollow.
            transform={`rotate(${(360 / turns) * (g % turns) + (g >= turns ? 180 / turns : 0)})`}
            cy="-8"
            rx={g >= turns ? 2.4 : order > 4 ? 2.8 : 3.8}
            ry="6.2"
            data-mirrored={g >= turns || undefined}
            data-gone={channels.has(field * order + g) || undefined}
          />
        ))}
        {gone && <path className={classes.cross} d="M-12 -12 12 12M12 -12-12 12" />}
      </svg>
    );
  },
  (a, b) => a.field === b.field && a.group === b.group && a.gone === b.gone && petals(a) === petals(b),
);

const petals = ({ field, group, channels }: FieldProps): string =>
  channels.size === 0
    ? ''
    : Array.from({ length: GROUPS[group].order }, (_, g) =>
        channels.has(field * GROUPS[group].order + g) ? 1 : 0,
      ).join('');

interface KernelProps {
  readonly kernel: number;
  /** Positions that carry weights, and those of them that go. */
  readonly stored: ReadonlySet<number>;
  readonly gone: ReadonlySet<number>;
  readonly label: string;
}

export function KernelGlyph({ kernel, stored, gone, label }: KernelProps) {
  return (
    <svg className={classes.kernel} viewBox={`0 0 ${kernel} ${kernel}`} role="img" aria-label={label}>
      {Array.from({ length: kernel ** 2 }, (_, p) => (
        <rect
          key={p}
          className={classes.position}
          x={(p % kernel) + 0.08}
          y={Math.floor(p / kernel) + 0.08}
          width="0.84"
          height="0.84"
          data-gone={!stored.has(p) || gone.has(p) || undefined}
        />
      ))}
    </svg>
  );
}
