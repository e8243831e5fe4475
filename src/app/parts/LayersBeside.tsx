/** The layers of two networks as one table: figures of both in each cell, over a bar whose hollow part is what went. */
import { Title } from '@mantine/core';
import type { Cost } from '../../lab/evaluate/cost';
import type { LayerPair, NetworkDiff } from '../../lab/evaluate/layerDiff';
import type { DescribedLayer } from '../../lab/evaluate/layers';
import { diffWords, pairWords } from '../../lab/evaluate/layerWords';
import { bytes, capital, less, maybeBytes, maybeLess, millions, whole } from '../../state/words/format';
import { SaveMenu } from '../saving/SaveMenu';
import { layersBesideTable } from './compareTables';
import { FiguresTable } from './FiguresTable';
import classes from './LayersBeside.module.css';

/** The costs that have a column, with the name of what is written in it. */
const COSTS = [
  { of: 'params', name: 'Parameters', write: whole },
  { of: 'macs', name: 'Multiply-adds', write: millions },
  { of: 'bytes', name: 'Stored here', write: bytes },
  { of: 'exported', name: 'Exported', write: maybeBytes },
] as const;

type CostColumn = (typeof COSTS)[number];

/** alone: there is no other network, and nothing went. */
export function LayersBeside({ diff, alone }: { diff: NetworkDiff; alone: boolean }) {
  const { pairs, totals, before, after } = diff;
  const largest = (of: keyof Cost) =>
    Math.max(1, ...pairs.flatMap(({ before, after }) => [before?.[of] ?? 0, after?.[of] ?? 0]));
  const most = Object.fromEntries(COSTS.map(({ of }) => [of, largest(of)])) as Record<keyof Cost, number>;
  return (
    <figure className={classes.figure}>
      <div className={classes.head}>
        <Title order={3} size="h5">
          Layers
        </Title>
        <SaveMenu what="layers before and after" table={() => layersBesideTable(diff)} />
      </div>
      <p className={classes.sentence} data-testid="compare-sentence">
        {alone ? capital(after.words) : `${capital(diffWords(diff))}.`}
      </p>
      {!alone && before.words !== after.words && (
        <p className="caption">
          Before: {before.words}. After: {after.words}.
        </p>
      )}
      <FiguresTable label="Layers before and after" className={classes.table} testId="layers-beside">
        <thead>
          <tr>
            <th scope="col">Layer</th>
            {!alone && (
              <th scope="col" className={classes.became}>
                What became of it
              </th>
            )}
            <th scope="col">Leaves</th>
            {COSTS.map(({ of, name }) => (
              <th scope="col" key={of}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair, i) => (
            <Row
              key={`${i} ${pair.before?.name} ${pair.after?.name}`}
              pair={pair}
              most={most}
              alone={alone}
            />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">In all</th>
            {!alone && <td />}
            <td />
            {COSTS.map((column) => (
              <td key={column.of}>
                <Figures was={totals.before[column.of]} is={totals.after[column.of]} column={column} />
                {!alone && <small>{maybeLess(totals.before[column.of], totals.after[column.of])}</small>}
              </td>
            ))}
          </tr>
        </tfoot>
      </FiguresTable>
      <p className="caption">
        Bars are measured by the largest layer of their column
        {alone ? '' : '; hollow is what went, dotted what came'}. Time is measured of whole networks, below:
        the engine runs several layers as one.
      </p>
    </figure>
  );
}

function Row({ pair, most, alone }: { pair: LayerPair; most: Record<keyof Cost, number>; alone: boolean }) {
  const { before, after, fate } = pair;
  const names = [before?.name, after?.name].filter((name) => name !== undefined);
  return (
    <tr data-fate={fate}>
      <th scope="row">
        {[...new Set(names)].join(' ⇒ ')}
        <small>{(after ?? before)!.kind}</small>
      </th>
      {!alone && <td className={classes.words}>{fate === 'same' ? '' : pairWords(pair)}</td>}
      <td>{shapeWords(before, after)}</td>
      {COSTS.map((column) => {
        const [was, is] = [before?.[column.of], after?.[column.of]];
        return (
          <td key={column.of}>
            <Figures was={before ? was : 0} is={after ? is : 0} column={column} />
            <Bar was={was ?? 0} is={is ?? 0} most={most[column.of]} />
          </td>
        );
      })}
    </tr>
  );
}

function Figures({
  was,
  is,
  column: { write },
}: {
  was: number | null | undefined;
  is: number | null | undefined;
  column: CostColumn;
}) {
  const text = (value: number | null | undefined) => (typeof value === 'number' ? write(value) : '–');
  if (was === is) return text(is);
  const share = typeof was === 'number' && typeof is === 'number' && was > 0 && is > 0 ? less(was, is) : null;
  return (
    <span title={share ?? undefined}>
      {text(was)} ⇒ {text(is)}
    </span>
  );
}

const shapeWords = (before: DescribedLayer | null, after: DescribedLayer | null): string => {
  const [was, is] = [before, after].map((layer) => layer?.shape?.join('×'));
  if (!before || !after || was === is) return is ?? was ?? '–';
  return `${was ?? '–'} ⇒ ${is ?? '–'}`;
};

/** What stays is filled, what went hollow, what came dotted. */
function Bar({ was, is, most }: { was: number; is: number; most: number }) {
  const part = (value: number) => `${(100 * value) / most}%`;
  return (
    <span className={classes.bar} aria-hidden>
      <span className={classes.stays} style={{ width: part(Math.min(was, is)) }} />
      {was !== is && (
        <span
          className={was > is ? classes.went : classes.came}
          style={{ width: part(Math.abs(was - is)) }}
        />
      )}
    </span>
  );
}
