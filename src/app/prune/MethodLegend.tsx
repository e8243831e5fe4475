/** The methods: which one prunes, and which others are drawn beside it. */
import { CRITERIA, CRITERION_IDS, type CriterionId } from '../../lab/prune/criteria';
import { settle, useExperiment } from '../../stores/experiment';
import classes from './MethodLegend.module.css';
import { METHOD_LOOKS } from './methods';

interface Props {
  readonly hidden: readonly CriterionId[];
  onToggle(id: CriterionId): void;
}

export function MethodLegend({ hidden, onToggle }: Props) {
  const chosen = useExperiment(({ setting }) => setting.method);
  return (
    <fieldset className={classes.legend}>
      <legend className="spoken">Pruning method</legend>
      {CRITERION_IDS.map((id) => {
        const { name, colour, dash } = METHOD_LOOKS[id];
        const isChosen = id === chosen;
        const isHidden = hidden.includes(id) && !isChosen;
        return (
          <span key={id} className={classes.item} data-chosen={isChosen || undefined}>
            <button
              type="button"
              className={classes.swatch}
              aria-pressed={!isHidden}
              aria-label={`Show the curve of ${name}`}
              disabled={isChosen}
              onClick={() => onToggle(id)}
            >
              <svg width="26" height="12" aria-hidden="true" opacity={isHidden ? 0.25 : 1}>
                <line
                  x1="1"
                  x2="25"
                  y1="6"
                  y2="6"
                  stroke={isChosen ? 'var(--accent)' : colour}
                  strokeWidth={isChosen ? 3.5 : 2}
                  strokeDasharray={isChosen ? undefined : dash}
                />
              </svg>
            </button>
            <label className={classes.name} title={CRITERIA.find((each) => each.id === id)?.title}>
              <input
                type="radio"
                name="method"
                className="spoken"
                checked={isChosen}
                onChange={() => settle({ method: id })}
              />
              {name}
            </label>
          </span>
        );
      })}
    </fieldset>
  );
}
