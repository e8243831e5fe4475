/** The pipeline that is going on, or the one looked at, with its rail of stages. */
import { Text } from '@mantine/core';
import { Empty } from './Empty';
import classes from './PipelineCard.module.css';
import { RunOfStages } from './RunOfStages';
import { StageCard } from './StageCard';

export function PipelineCard() {
  return (
    <RunOfStages kind="pipeline" empty={<Empty />}>
      {({ row, cards }) => (
        <>
          <ol className={classes.rail} data-testid="rail">
            {cards.map((card, at) => (
              <StageCard key={card.name} row={row} cards={cards} at={at} />
            ))}
          </ol>
          <Text className="caption" mt="sm">
            Small figures under a figure: its change against the stage before, then against the first.
          </Text>
        </>
      )}
    </RunOfStages>
  );
}
