/** Tiles of each class as bars and figures: train, validation, test. */
import { SPLIT_NAMES } from '../../lab/data/split/splits';
import { whole } from '../../state/words/format';
import type { DatasetFacts } from '../../storage/rows';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import marks from './parts.module.css';
import { SplitLegend } from './SplitLegend';
import classes from './SplitTable.module.css';
import { PART_TITLES, type Parts, partSizes } from './split';

const MEANINGS = {
  train: 'A network learns from these tiles, and only from these.',
  val: 'Not learnt from: they choose, for instance when to stop. The Prune view shows its figures on them.',
  test: 'Neither learnt from nor chosen by: kept for one honest figure at the end.',
} as const;

interface Props {
  readonly facts: Pick<DatasetFacts, 'classes' | 'counts' | 'count'>;
  readonly parts: Parts;
}

export function SplitTable({ facts, parts }: Props) {
  const sizes = parts.map(partSizes);
  const largest = Math.max(1, ...facts.counts);
  const totals = SPLIT_NAMES.map((_, part) => sizes.reduce((sum, each) => sum + each[part], 0));
  return (
    <div>
      <SplitLegend />
      <FiguresTable label="Tiles of each class" className={classes.table} testId="split-table">
        <caption className="spoken">Tiles of each class, in all and by part of the split</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <td aria-hidden="true" className={classes.none} />
            {SPLIT_NAMES.map((name) => (
              <th key={name} scope="col">
                <Explained term="parts" text={MEANINGS[name]}>
                  {PART_TITLES[name]}
                </Explained>
              </th>
            ))}
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {facts.classes.map((name, label) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={classes.bars} aria-hidden="true">
                <div className={classes.bar} style={{ width: `${(100 * facts.counts[label]) / largest}%` }}>
                  {SPLIT_NAMES.map((part, p) => (
                    <span key={part} className={marks[part]} style={{ flexGrow: sizes[label][p] }} />
                  ))}
                </div>
              </td>
              {sizes[label].map((size, p) => (
                <td key={SPLIT_NAMES[p]}>{parts[label] ? whole(size) : '–'}</td>
              ))}
              <td>{whole(facts.counts[label])}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All classes</th>
            <td aria-hidden="true" className={classes.none} />
            {totals.map((total, p) => (
              <td key={SPLIT_NAMES[p]}>{whole(total)}</td>
            ))}
            <td>{whole(facts.count)}</td>
          </tr>
        </tfoot>
      </FiguresTable>
    </div>
  );
}
