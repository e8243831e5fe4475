/** A tile of the reader's own: dropped or chosen, turned, and asked about. */
import { Button, FileButton, Group, Text, Title } from '@mantine/core';
import { type DragEvent, useEffect, useMemo, useState } from 'react';
import { wholePercent } from '../../stores/format';
import { useLab } from '../../stores/lab';
import { tileSentence } from '../../stores/sentences';
import { classify } from '../../stores/session';
import { useTile } from '../../stores/tile';
import type { Classified } from '../../worker/protocol';
import classes from './TileCard.module.css';

const TURNS = [0, 90, 180, 270];

export function TileCard({ className }: { className: string }) {
  const ready = useLab(({ status }) => status === 'ready' || status === 'alive');
  const tile = useTile(({ tile }) => tile);
  const [over, setOver] = useState(false);
  const take = (file: File | null | undefined) => {
    if (file) void classify(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <section
      className={`card ${className}`}
      aria-labelledby="tile-title"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.intro}>
          <Title order={2} size="h4" id="tile-title">
            A tile of your own
          </Title>
          <Text className="caption" component="p">
            Drop a satellite tile here (JPEG or PNG, 64×64 or a whole multiple). Networks trained on real
            tiles, a EuroSAT subset, say what it shows, at four turns. It stays on this computer.
          </Text>
        </div>
        <FileButton accept="image/jpeg,image/png" onChange={take}>
          {(props) => (
            <Button {...props} size="sm" variant="default" disabled={!ready || tile.status === 'reading'}>
              Choose a tile
            </Button>
          )}
        </FileButton>
      </Group>
      <div aria-live="polite">
        {tile.status === 'reading' && <p className={classes.sentence}>Reading {tile.name} …</p>}
        {tile.status === 'failed' && (
          <p className={classes.sentence} role="alert">
            {tile.message}
          </p>
        )}
        {tile.status === 'done' && (
          <>
            <p className={classes.sentence} data-testid="tile-sentence">
              {tileSentence(tile.result.nets)}
            </p>
            <Answers result={tile.result} picture={tile.picture} />
          </>
        )}
      </div>
    </section>
  );
}

function Answers({ result, picture }: { result: Classified; picture: Blob }) {
  const address = useMemo(() => URL.createObjectURL(picture), [picture]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid="tile-answers">
        <caption className="spoken">What each network says about {result.name} at each turn</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="spoken">Network</span>
            </th>
            {TURNS.map((degrees) => (
              <th key={degrees} scope="col">
                {/* CSS turns clockwise, the lab counter-clockwise. */}
                <img src={address} alt="" width={72} height={72} style={{ rotate: `${-degrees}deg` }} />
                {degrees}°
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.nets.map(({ role, title, turns }) => (
            <tr key={role}>
              <th scope="row">
                {role}
                <span className="caption">{title}</span>
              </th>
              {turns.map(({ degrees, answer, probability, undecided }) => (
                <td key={degrees} data-other={answer !== turns[0].answer || undefined}>
                  {answer}
                  <span className="caption">
                    {undecided ? 'too close to call' : wholePercent(probability)}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
