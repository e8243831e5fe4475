/** A stage beside what the paper printed of it and what the reference measured, with the reasons where they differ. */

import type { Card } from '../../state/pipeline/cards';
import { bytes, percent } from '../../state/words/format';
import { differencesFromPaper, paperRowsOf, printedWords } from '../../state/words/printedNotes';
import type { RunRow } from '../../storage/rows';
import classes from './StageCard.module.css';

export function Beside({ row, card }: { row: RunRow; card: Card }) {
  const rows = paperRowsOf(card);
  const { figures } = card;
  const notes = rows.flatMap(({ label, paper, reference }) => [
    ...(paper.note ? [`Paper, ${label}: ${paper.note}.`] : []),
    ...(reference?.note ? [`Reference, ${reference.note}.`] : []),
  ]);
  return (
    <div className={classes.beside} data-testid="beside">
      {rows.length > 0 ? (
        <table>
          <thead>
            <tr>
              <th scope="col">Whose</th>
              <th scope="col">Figures</th>
            </tr>
          </thead>
          <tbody>
            {figures && (
              <tr>
                <th scope="row">This run</th>
                <td>
                  {percent(figures.accuracy)}, {bytes(figures.bytes)}
                </td>
              </tr>
            )}
            {rows.map(({ label, paper }) => (
              <tr key={label}>
                <th scope="row">Paper, Table II: {label}</th>
                <td>{printedWords(paper)}</td>
              </tr>
            ))}
            {rows.map(({ label, reference }) => (
              <tr key={label}>
                <th scope="row">PyTorch and e2cnn, EuroSAT subset: {label}</th>
                <td>{reference ? printedWords(reference) : 'not measured: nothing was lost'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        'The paper prints nothing of this stage.'
      )}
      {rows.length > 0 && (
        <ul>
          {[...differencesFromPaper(row, card), ...new Set(notes)].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
