/**
 * Bars of shares in groups, with a line where each one stood before. Elements of our own and not Recharts': they follow
 * the slider within a frame, and a new drawing of the same bars costs a tenth (some 1 ms against 8).
 */
import classes from './GroupedBars.module.css';

export interface BarSeries {
  readonly name: string;
  /** Of the bar's looks: colour and pattern. */
  readonly className: string;
  /** Shares, one for each group; null where there are none. */
  readonly now: readonly number[] | null;
  readonly before: readonly number[] | null;
}

interface Props {
  readonly groups: readonly string[];
  readonly series: readonly BarSeries[];
  /** Stands over the axis: what, in per cent. */
  readonly unit: string;
}

const TICKS = [100, 80, 60, 40, 20, 0];

/** For the eyes alone: whoever uses it says the figures otherwise too. */
export function GroupedBars({ groups, series, unit }: Props) {
  return (
    <div className={classes.chart} aria-hidden="true">
      <div className={classes.axis}>
        {TICKS.map((value) => (
          <span key={value} style={{ bottom: `${value}%` }}>
            {value}
          </span>
        ))}
      </div>
      <div className={classes.groups}>
        {groups.map((group, g) => (
          <div key={group} className={classes.group}>
            <div className={classes.bars}>
              {series.map(({ name, className, now, before }) => (
                <div key={name} className={classes.slot}>
                  {now && (
                    <div className={`${classes.bar} ${className}`} style={{ height: `${100 * now[g]}%` }} />
                  )}
                  {before && <div className={classes.before} style={{ bottom: `${100 * before[g]}%` }} />}
                  <span className={classes.value}>{now ? Math.round(100 * now[g]) : '–'}</span>
                </div>
              ))}
            </div>
            <span className={classes.name}>{group}</span>
          </div>
        ))}
      </div>
      <span className={classes.unit}>{unit}</span>
    </div>
  );
}

/** The key of the line where a bar stood before. */
export const BeforeKey = () => <span className={classes.beforeKey} />;
