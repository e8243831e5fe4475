/** Who works on a sweep: what they do, and when they were last heard of. */
import { Title } from '@mantine/core';
import type { SweepStatus } from '../../lab/sweep/status';
import { agoWords, doingWords } from '../../lab/sweep/words';
import { useSweeps } from '../../state/sweep/sweep';
import { FiguresTable } from '../parts/FiguresTable';
import classes from './SweepView.module.css';
import { useNow } from './times';

export function Workers({ sweep: { workers, jobs } }: { sweep: SweepStatus }) {
  const now = useNow();
  const { document, file } = useSweeps();
  // A file tells of its own moment.
  const at = file === null ? now : Date.parse(document!.at);
  return (
    <section className="card" aria-labelledby="sweep-workers">
      <Title order={3} size="h4" id="sweep-workers" mb={8}>
        Workers
      </Title>
      {workers.length === 0 ? (
        <p className="caption">
          None is heard of. <code>lab worker redis://…</code> starts one, on any machine that sees queue and
          store.
        </p>
      ) : (
        <FiguresTable label="Workers" className={classes.workers} testId="sweep-workers">
          <thead>
            <tr>
              {['Worker', 'Machine', 'Busy', 'Does', 'Last seen'].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <tr key={worker.name}>
                <th scope="row">{worker.name}</th>
                <td>{worker.host}</td>
                <td>
                  {worker.busy} of {worker.slots}
                </td>
                <td className={classes.doing}>
                  {doingWords(worker, jobs)}
                  {worker.refuses?.map((why) => (
                    <div key={why} className="caption">
                      Refuses: {why}
                    </div>
                  ))}
                </td>
                <td>{agoWords((at - Date.parse(worker.seen)) / 1000)}</td>
              </tr>
            ))}
          </tbody>
        </FiguresTable>
      )}
    </section>
  );
}
