/** The data sets there are: the synthetic one, and what is kept. */
import { Badge, Text, Title } from '@mantine/core';
import { useDatasets } from '../../state/data/datasets';
import { sizeSentence, storageSentence } from '../../state/words/data';
import type { DatasetFacts } from '../../storage/rows';
import classes from './DatasetList.module.css';
import { SYNTHETIC_FACTS } from './synthetic';

export function DatasetList() {
  const rows = useDatasets(({ rows }) => rows);
  const room = useDatasets(({ room }) => room);
  const lasting = useDatasets(({ lasting }) => lasting);
  return (
    <section className="card" aria-labelledby="list-title" aria-busy={rows === null}>
      <Title order={2} size="h4" id="list-title" mb={8}>
        Data sets
      </Title>
      <ul className={classes.list}>
        {[SYNTHETIC_FACTS, ...(rows ?? [])].map((facts) => (
          <li key={facts.id}>
            <Choice facts={facts} />
          </li>
        ))}
      </ul>
      <Text className="caption" component="p" mt={8} mb={0} data-testid="storage">
        {rows === null ? 'Looking for what is kept …' : storageSentence(rows, room, lasting)}
      </Text>
    </section>
  );
}

function Choice({ facts }: { facts: Omit<DatasetFacts, 'sheet'> }) {
  const isShown = useDatasets(({ shown }) => shown === facts.id);
  return (
    <button
      type="button"
      className={classes.choice}
      aria-current={isShown || undefined}
      onClick={() => useDatasets.setState({ shown: facts.id })}
    >
      <span className={classes.title}>{facts.title}</span>
      {facts.synthetic && (
        <Badge variant="outline" color="orange" tt="none" fw={600} className={classes.synthetic}>
          synthetic data
        </Badge>
      )}
      <span className="caption">{sizeSentence(facts)}</span>
    </button>
  );
}
