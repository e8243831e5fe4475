/** How well the trained detectors find things on the test scenes, at each quarter turn. */
import { Title } from '@mantine/core';
import { WAYS } from '../../lab/tasks/adapting';
import { useTasks, wantedOf } from '../../state/tasks/form';
import { useTasksKnown } from '../../state/tasks/known';
import { percent } from '../../state/words/format';
import { PRECISION_WORDS, WAY_NAMES } from '../../state/words/tasks';
import { Explained } from '../parts/Explained';
import { FiguresTable } from '../parts/FiguresTable';
import { SaveMenu } from '../saving/SaveMenu';
import classes from './PrecisionCard.module.css';
import { precisionTable } from './tables';

export function PrecisionCard() {
  const form = useTasks();
  const networks = useTasksKnown(({ networks }) => networks);
  const rows = WAYS.flatMap((way) => {
    const angles = networks[wantedOf(form, way).key]?.figures?.curves.angles;
    return angles ? [{ way, angles }] : [];
  });
  return (
    <section className="card" aria-labelledby="precision-title">
      <div className={classes.head}>
        <Title order={3} size="h5" id="precision-title">
          <Explained text={PRECISION_WORDS} term="mean-average-precision">
            Mean average precision
          </Explained>{' '}
          on the test scenes
        </Title>
        {rows.length > 0 && (
          <SaveMenu what="precision by turn" table={() => precisionTable(rows, form.seed)} picture="table" />
        )}
      </div>
      <p className="caption">{PRECISION_WORDS}</p>
      {rows.length === 0 ? (
        <p>No detector is trained yet.</p>
      ) : (
        <FiguresTable label="Mean average precision by turn" testId="precision">
          <thead>
            <tr>
              <th scope="col">Network</th>
              {[0, 90, 180, 270].map((degrees) => (
                <th key={degrees} scope="col">
                  {degrees}°
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ way, angles }) => (
              <tr key={way}>
                <th scope="row">{WAY_NAMES[way]}</th>
                {angles.map((angle, i) => (
                  <td key={90 * i}>{percent(angle)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </FiguresTable>
      )}
    </section>
  );
}
