/** A scene's class maps: one for each network, turned together, with their legend and the share of each class. */
import { Button, Group, Progress, SegmentedControl, Slider, Title } from '@mantine/core';
import { useDeferredValue, useEffect } from 'react';
import { CELL } from '../../lab/pictures/cut';
import { type ClassMap, classShares } from '../../lab/scenes/cells';
import { classColour } from '../../lab/scenes/classColours';
import { cancelMapping, followScenes, goOnMapping, mapKey, useScene } from '../../state/drivers/scene';
import { canMap, type Look, useLooking } from '../../state/rotate/looking';
import { isScene } from '../../state/rotate/pictures';
import { CELLS, OVERLAPS, useTurning } from '../../state/rotate/turning';
import { percent } from '../../state/words/format';
import { mappingSentence, sceneSentence } from '../../state/words/rotate';
import { Scrolling } from '../parts/Scrolling';
import { WholeNumber } from '../parts/WholeNumber';
import { NET_LOOKS } from './nets';
import classes from './SceneCard.module.css';
import { SceneMap } from './SceneMap';

export function SceneCard() {
  useEffect(followScenes, []);
  // The dial and the answers come first; two maps of a large scene take a few frames to draw.
  const look = useDeferredValue(useLooking(({ look }) => look));
  const shown = useScene(({ shown }) => shown);
  const turn = useScene(({ turn }) => turn);
  const cutting = useScene(({ cutting }) => cutting);
  if (!look || look.shown !== shown || !isScene(look.shown.brought)) return null;
  const nets = look.nets.flatMap((net, i) => (canMap(net) ? [{ name: look.names[i], net, i }] : []));
  return (
    <section className="card" aria-labelledby="scene-title">
      <Group justify="space-between" align="flex-start" gap="xs">
        <div className={classes.intro}>
          <Title order={2} size="h4" id="scene-title">
            Map of the scene
          </Title>
          <p className="caption" data-testid="scene-sentence">
            {sceneSentence(look.shown, cutting)}
          </p>
        </div>
        <Group gap="md" align="center">
          <Opacity />
          <CellChoice />
          <OverlapChoice />
          <SegmentedControl
            size="xs"
            aria-label="Turn of the scene"
            data={[0, 1, 2, 3].map((t) => ({ value: String(t), label: `${90 * t}°` }))}
            value={String(turn)}
            onChange={(value) => useScene.setState({ turn: Number(value) })}
          />
        </Group>
      </Group>
      <Mapping />
      <div className={classes.maps}>
        {nets.map(({ name, net, i }) => (
          <SceneMap
            key={name}
            name={name}
            title={net.title}
            metres={net.metres}
            look={NET_LOOKS[i]}
            shown={look.shown}
          />
        ))}
      </div>
      <Shares look={look} />
    </section>
  );
}

/**
 * How much a network sees at once. Taken when it is left or Enter is pressed: maps are made anew for each, and a cell's
 * number means another cell then.
 */
function CellChoice() {
  const cell = useTurning(({ cell }) => cell);
  return (
    <Group gap={6} align="center">
      <label className="caption" htmlFor="cell-side">
        Cells of
      </label>
      <WholeNumber
        id="cell-side"
        {...CELLS}
        width={72}
        suffix=" px"
        step={8}
        value={cell}
        otherwise={CELL}
        onTake={(side) => useTurning.setState({ cell: side, part: null })}
      />
    </Group>
  );
}

/** How far cells overlap: more of them make a finer map, which takes as much longer. */
function OverlapChoice() {
  const overlap = useTurning(({ overlap }) => overlap);
  return (
    <Group gap={6} align="center">
      <span className="caption" id="overlap-label">
        Overlap
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="overlap-label"
        data={OVERLAPS.map((each) => ({ value: String(each), label: each === 0 ? 'none' : `${each} %` }))}
        value={String(overlap)}
        // A cell's number means another cell then.
        onChange={(value) =>
          useTurning.setState({ overlap: OVERLAPS.find((each) => String(each) === value) ?? 0, part: null })
        }
      />
    </Group>
  );
}

function Opacity() {
  const opacity = useScene(({ opacity }) => opacity);
  return (
    <div className={classes.opacity}>
      <span className="caption" id="opacity-label">
        Classes
      </span>
      <Slider
        size="sm"
        w={110}
        label={null}
        min={0}
        max={100}
        value={Math.round(100 * opacity)}
        onChange={(value) => useScene.setState({ opacity: value / 100 })}
        thumbLabel="Opacity of the classes over the picture"
        thumbValueText={(value) => `${value} %`}
      />
    </div>
  );
}

/** How far the mapping is, and how it is cancelled and gone on with; its place is kept. */
function Mapping() {
  const progress = useScene(({ progress }) => progress);
  const pace = useScene(({ pace }) => pace);
  const halted = useScene(({ halted }) => halted);
  const trouble = useScene(({ trouble }) => trouble);
  return (
    <div className={classes.mapping}>
      {progress && (
        <>
          <Progress
            className={classes.bar}
            value={(100 * progress.done) / progress.total}
            aria-label="Progress of mapping the scene"
            transitionDuration={120}
          />
          <span className="caption">{mappingSentence(progress, pace)}</span>
          <Button size="compact-xs" variant="default" onClick={cancelMapping}>
            Cancel
          </Button>
        </>
      )}
      {halted && !progress && (
        <>
          <span className="caption" role="alert">
            {trouble ?? 'Cancelled; the maps that were finished are here.'}
          </span>
          <Button size="compact-xs" variant="default" onClick={goOnMapping}>
            Go on
          </Button>
        </>
      )}
    </div>
  );
}

/** The legend, and what share of the area each network gives to each class at this turn. */
function Shares({ look }: { look: Look }) {
  const maps = useScene(({ maps }) => maps);
  const turn = useScene(({ turn }) => turn);
  const columns = look.names.flatMap((name, i) => {
    const map = maps[mapKey(name)]?.[turn];
    return map ? [{ name, i, map, shares: classShares(map) }] : [];
  });
  if (columns.length === 0) return <div className={classes.noShares} />;
  const rows = present(columns.map(({ map }) => map));
  return (
    <Scrolling label="Share of the area by class">
      <table className={classes.shares} data-testid="shares">
        <caption className="caption">Share of the area, at {90 * turn}°</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            {columns.map(({ name, i }) => {
              const net = look.nets[i];
              return (
                <th key={name} scope="col">
                  <span
                    className={classes.key}
                    style={{ background: NET_LOOKS[i].colour }}
                    aria-hidden="true"
                  />
                  {net.problem === null && net.title}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, colour }) => (
            <tr key={name}>
              <th scope="row">
                <span className={classes.swatch} style={{ background: colour }} aria-hidden="true" />
                {name}
              </th>
              {columns.map(({ name: net, map, shares }) => (
                <td key={net}>{percent(shares[map.classes.indexOf(name)] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

/** The classes that some map shows, in their order, with their colours. */
function present(maps: readonly ClassMap[]): { name: string; colour: string }[] {
  const found = new Map<string, string>();
  for (const { classes, answers, empty } of maps) {
    const seen = new Set(answers.filter((_, i) => !empty[i]));
    for (const [index, name] of classes.entries()) {
      if (seen.has(index) && !found.has(name)) found.set(name, `rgb(${classColour(index).join()})`);
    }
  }
  const order = maps[0].classes;
  return [...found]
    .map(([name, colour]) => ({ name, colour }))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}
