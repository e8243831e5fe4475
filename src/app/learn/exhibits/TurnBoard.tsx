/** One tile that is turned, and what both networks say of it. */
import { Button, Group } from '@mantine/core';
import { nextBoardTile, turnBoardTile, useBoardTile } from '../../../state/learn/lessons/boardTile';
import { count } from '../../../state/words/format';
import type { ExhibitProps } from './exhibit';
import { MindPicture } from './MindPicture';
import classes from './Minds.module.css';
import { NoMinds } from './NoMinds';
import { useMinds } from './useMinds';

export function TurnBoard({ seen }: ExhibitProps) {
  const minds = useMinds(seen);
  const { at, turns } = useBoardTile();
  if (minds.status !== 'done' || minds.result.found === 0) return <NoMinds minds={minds} />;
  const { shown, tiles, found, size, channels } = minds.result;
  const tile = shown[at % shown.length];
  const names = seen.opened.nets.main.classes;
  const turn = (turns ?? 0) % 4;
  const voice = (who: string, answers: readonly number[]) => {
    const isRight = answers[turn] === tile.label;
    return (
      <p className={classes.voice} data-wrong={!isRight || undefined}>
        <span className="caption">{who} says</span>
        <strong>{names[answers[turn]]}</strong>
        <span>{isRight ? '✓ right' : '↯ wrong: it changed its mind'}</span>
      </p>
    );
  };
  return (
    <div className={classes.turn}>
      <div className={classes.big}>
        <MindPicture
          {...{ size, channels }}
          pixels={tile.pixels}
          turns={turns ?? 0}
          label={`A tile of the class ${names[tile.label]}, turned by ${90 * turn}°`}
        />
      </div>
      <div className={classes.voices}>
        <p className={classes.truth}>
          In truth: <strong>{names[tile.label]}</strong>.{' '}
          {turn === 0 ? 'Upright.' : `Turned by ${90 * turn}°.`}
        </p>
        <div role="status">
          {voice('The equivariant network', tile.kept)}
          {voice('The plain network', tile.moved)}
        </div>
        <Group gap={8}>
          <Button size="sm" onClick={turnBoardTile}>
            Turn it by 90°
          </Button>
          {shown.length > 1 && (
            <Button size="sm" variant="default" onClick={() => nextBoardTile(shown.length)}>
              Another tile
            </Button>
          )}
        </Group>
        <p className="caption">
          Chosen by looking: of {count(tiles, 'validation tile')}, {found} are such that both networks are
          right upright, and only the plain one changes its mind. Neither was trained on them.
        </p>
      </div>
    </div>
  );
}
