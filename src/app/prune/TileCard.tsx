/** A tile of the reader's own: dropped or chosen, turned, and asked about. */
import { Group, SegmentedControl, Text, Title } from '@mantine/core';
import { CELL, type Fit } from '../../lab/pictures/cut';
import { classify } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { type TileState, useTile } from '../../state/prune/tile';
import { wholePercent } from '../../state/words/format';
import { fitSentence, tileSentence } from '../../state/words/prune';
import type { Classified } from '../../worker/protocol/results';
import { ChooseFiles } from '../parts/ChooseFiles';
import { useDropZone } from '../parts/useDropZone';
import classes from './TileCard.module.css';

/** Leads to it. */
export const TILE_TITLE = 'tile-title';

const TURNS = [0, 90, 180, 270];
/** What the file dialog offers; what a file is, is read from its bytes. */
const ACCEPTED = 'image/jpeg,image/png,image/webp,image/tiff,.jpg,.jpeg,.png,.webp,.tif,.tiff';

export function TileCard({ className }: { className: string }) {
  const ready = useLab(({ status }) => status === 'ready' || status === 'alive');
  const tile = useTile(({ tile }) => tile);
  const take = (file: File | undefined) => {
    if (file) void classify(file);
  };
  const over = useDropZone(({ dataTransfer }) => take(dataTransfer?.files[0]));
  return (
    <section className={`card ${className}`} aria-labelledby={TILE_TITLE} data-over={over || undefined}>
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.intro}>
          <Title order={2} size="h4" id={TILE_TITLE}>
            A tile of your own
          </Title>
          <Text className="caption" component="p">
            Drop a satellite picture here: JPEG, PNG, WebP or GeoTIFF, also the 13 bands of Sentinel-2.
            Networks trained on real tiles, a EuroSAT subset, say what it shows, at four turns. It stays on
            this computer. A rotation noted in its EXIF is ignored: a tile has no upright.
          </Text>
        </div>
        <ChooseFiles
          label="Choose a tile"
          variant="default"
          accept={ACCEPTED}
          disabled={!ready || tile.status === 'reading'}
          onFiles={([file]) => take(file)}
        />
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
            <Seen tile={tile} />
            <Answers result={tile.result} />
          </>
        )}
      </div>
    </section>
  );
}

/** Which part of the picture the networks saw, and the choice of another where there is one. */
function Seen({ tile }: { tile: Extract<TileState, { status: 'done' }> }) {
  const { result, file, width, height } = tile;
  const hasChoice = Math.min(width, height) >= CELL && Math.max(width, height) > CELL;
  return (
    <Group gap="sm" mb="xs">
      {hasChoice && (
        <SegmentedControl
          size="xs"
          aria-label="Part of the picture"
          data={[
            { value: 'scale', label: 'All of its middle' },
            { value: 'crop', label: `${CELL}×${CELL} pixels` },
          ]}
          value={result.fit}
          onChange={(fit) => void classify(file, fit as Fit)}
        />
      )}
      <Text className="caption" component="p" data-testid="tile-seen">
        {fitSentence(result, tile)}
      </Text>
    </Group>
  );
}

function Answers({ result }: { result: Classified }) {
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
                <TilePicture tile={result.tile} size={result.size} degrees={degrees} />
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

/** What a network saw, pixel for pixel. */
function TilePicture({ tile, size, degrees }: { tile: Uint8Array; size: number; degrees: number }) {
  const draw = (canvas: HTMLCanvasElement | null) => {
    const context = canvas?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(size, size);
    for (let p = 0; p < size * size; p++) image.data.set([...tile.subarray(3 * p, 3 * p + 3), 255], 4 * p);
    context.putImageData(image, 0, 0);
  };
  // CSS turns clockwise, the lab counter-clockwise.
  return <canvas ref={draw} width={size} height={size} aria-hidden style={{ rotate: `${-degrees}deg` }} />;
}
