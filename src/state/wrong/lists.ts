/** The tiles that a list shows: rows of a report. */
import {
  type ClassReport,
  type TileAnswer,
  unsureTiles,
  wrongTiles,
} from '../../lab/evaluate/report/classReport';
import type { Comparison, TileChange } from '../../lab/evaluate/report/compare';
import type { Cell, List } from './wrong';

/** Rows of the report's tiles in the order of the list: wrong ones and those of a cell the surest first, unsure ones the least sure. */
export function rowsOf(
  report: ClassReport,
  comparison: Comparison | null,
  list: List,
  cell: Cell | null,
): number[] {
  const rows = new Map(report.tiles.map((tile, row) => [tile, row]));
  return tilesOf(report, comparison, list, cell).map((tile) => rows.get(tile)!);
}

function tilesOf(
  report: ClassReport,
  comparison: Comparison | null,
  list: List,
  cell: Cell | null,
): readonly TileAnswer[] {
  const changed = (which: TileChange['change']) =>
    (comparison?.changes ?? []).filter(({ change }) => change === which).map(({ after }) => after);
  if (list === 'wrong') return wrongTiles(report);
  if (list === 'unsure') return unsureTiles(report);
  if (list === 'lost' || list === 'gained') return changed(list);
  return report.tiles
    .filter(({ truth, answer }) => truth === cell?.truth && answer === cell.answer)
    .sort((a, b) => b.probability - a.probability);
}
