/** The map of a scene by one network: drawn over the picture, pointed at cell by cell, and saved. */
import { Button, Menu } from '@mantine/core';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { messageOf } from '../../lab/errors';
import type { ClassMap } from '../../lab/scenes/cells';
import { resolutionWarning } from '../../lab/scenes/resolution';
import { turnsOf, useScene } from '../../state/drivers/scene';
import { useLab } from '../../state/page/lab';
import { fileName } from '../../state/page/table';
import { cellBeside, cellUnder } from '../../state/rotate/cellMoves';
import { useLooking } from '../../state/rotate/looking';
import { type ShownPicture, sceneGrid } from '../../state/rotate/pictures';
import { useTurning } from '../../state/rotate/turning';
import { cellSentence, mindSentence } from '../../state/words/rotate';
import { save } from '../saving/save';
import { drawScene } from './drawScene';
import type { NetLook } from './nets';
import classes from './SceneMap.module.css';

interface Props {
  readonly name: string;
  readonly title: string;
  /** Along a pixel of the tiles it was trained on; null where nobody knows. */
  readonly metres: number | null;
  readonly look: NetLook;
  readonly shown: ShownPicture;
}

const point = (cell: number | null): void => useScene.setState({ cell });

export function SceneMap({ name, title, metres, look, shown }: Props) {
  const turns = useScene((state) => turnsOf(state, name));
  const turn = useScene(({ turn }) => turn);
  const cell = useScene(({ cell }) => cell);
  const opacity = useScene(({ opacity }) => opacity);
  // The cell on the dial.
  const chosen = useLooking(({ look }) => (typeof look?.part === 'number' ? look.part : null));
  const ref = useRef<HTMLCanvasElement>(null);
  const { picture, preview, brought } = shown;
  const map = turns[turn];
  useEffect(() => {
    if (!ref.current) return;
    drawScene(ref.current, { picture, preview, map, upright: turns[0], turn, opacity, cell: cell ?? chosen });
  }, [picture, preview, map, turns, turn, opacity, cell, chosen]);

  const cutting = useScene(({ cutting }) => cutting);
  const grid = sceneGrid(picture, brought.name, cutting);
  const warning = resolutionWarning(metres, picture, grid.cell);
  const under = (event: PointerEvent) => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const at = [(event.clientX - left) / width, (event.clientY - top) / height] as const;
    return cellUnder(grid, picture, at, turn);
  };
  const pick = (chosen: number | null) => {
    if (chosen !== null) useTurning.setState({ part: chosen });
  };
  const press = (event: KeyboardEvent) => {
    const beside = cellBeside(grid, cell, event.key, turn);
    if (beside === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (beside === undefined) pick(cell);
    else point(beside);
  };
  const says = map && cell !== null ? cellSentence(map, cell) : 'Point at a cell; click it to turn it above.';
  return (
    <figure className={classes.figure} style={{ '--net': look.colour } as React.CSSProperties}>
      <div className={classes.head}>
        <span className={classes.key} aria-hidden="true" />
        <h3>{title}</h3>
        {turns[0] && <SaveMap title={title} map={turns[0]} shown={shown} drawing={() => ref.current} />}
      </div>
      <p className={classes.mind} data-testid="mind">
        {mindSentence(turns)}
      </p>
      {warning && (
        <p className={`caption ${classes.warning}`} role="note">
          {warning}
        </p>
      )}
      <canvas
        ref={ref}
        className={classes.canvas}
        role="slider"
        tabIndex={0}
        aria-label={`Cell of the map by ${title}`}
        aria-valuemin={1}
        aria-valuemax={grid.columns * grid.rows}
        aria-valuenow={(cell ?? 0) + 1}
        aria-valuetext={says}
        onPointerMove={(event) => point(under(event))}
        onPointerLeave={() => point(null)}
        onClick={(event) => pick(under(event as unknown as PointerEvent))}
        onKeyDown={press}
      />
      <figcaption className={`caption ${classes.says}`}>{says}</figcaption>
    </figure>
  );
}

interface SaveProps {
  readonly title: string;
  /** The upright map: files lie where the picture lies. */
  readonly map: ClassMap;
  readonly shown: ShownPicture;
  drawing(): HTMLCanvasElement | null;
}

function SaveMap({ title, map, shown: { picture, brought }, drawing }: SaveProps) {
  const { georeference } = picture;
  const hand = async (kind: 'zip' | 'geojson' | 'png') => {
    try {
      const files = await import('../../lab/scenes/mapFiles');
      const called = `map ${brought.name} ${title}`;
      const content =
        kind === 'geojson'
          ? files.mapGeoJson(map, georeference)
          : kind === 'zip'
            ? await bundle(files.geoTiffFiles(map, georeference, fileName(called, 'tif')))
            : await pngOf(drawing());
      save(content, fileName(called, kind));
    } catch (error) {
      useLab.setState({ refusal: `The file could not be made: ${messageOf(error)}.` });
    }
  };
  return (
    <Menu position="bottom-end" width={250} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Save: map by ${title}`}>
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {georeference ? 'Lies where the picture lies' : 'The picture says not where it lies'}
        </Menu.Label>
        <Menu.Item onClick={() => void hand('zip')}>Map of classes, with style (GeoTIFF in a zip)</Menu.Item>
        <Menu.Item onClick={() => void hand('geojson')}>Cells as squares (GeoJSON)</Menu.Item>
        <Menu.Item onClick={() => void hand('png')}>Picture, as it is seen (PNG)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The map and what GDAL and QGIS look for beside it, in one folder. */
async function bundle(files: readonly (readonly [string, string | Uint8Array])[]) {
  const { zipFolder } = await import('../../lab/files/takeAlong/zip');
  const named = files.map(([name, content]) => ({
    name,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  }));
  return (await zipFolder('map', named)) as Uint8Array<ArrayBuffer>;
}

async function pngOf(canvas: HTMLCanvasElement | null): Promise<Blob> {
  const blob = await new Promise<Blob | null>((resolve) => (canvas ? canvas.toBlob(resolve) : resolve(null)));
  if (!blob) throw new Error('this browser cannot write the drawing');
  return blob;
}
