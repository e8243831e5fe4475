/** Hands the report out: the very files that `lab evaluate --report` writes, one by one or all of them. */
import { Button, Menu } from '@mantine/core';
import { messageOf } from '../../lab/errors';
import type { ClassReport } from '../../lab/evaluate/report/classReport';
import type { Comparison } from '../../lab/evaluate/report/compare';
import { useLab } from '../../state/page/lab';
import { slug } from '../../state/page/table';
import { resultOf } from '../../state/wrong/looking';
import type { Looked } from '../../state/wrong/wrong';
import { save } from '../saving/save';
import { stepOf } from './source';

interface Props {
  readonly looked: Looked;
  readonly report: ClassReport;
  /** null where nothing is compared. */
  readonly comparison: Comparison | null;
}

const TABLES = [
  ['confusion.csv', 'Confusion (CSV)'],
  ['classes.csv', 'Class by class (CSV)'],
  ['reliability.csv', 'Reliability (CSV)'],
  ['tiles.csv', 'Every tile (CSV)'],
  ['changes.csv', 'Tiles lost and found (CSV)'],
] as const;

export function SaveReport({ looked, report, comparison }: Props) {
  const hand = (which: string) =>
    void handOut({ looked, report, comparison }, which).catch((error) =>
      useLab.setState({ refusal: `The file could not be made: ${messageOf(error)}.` }),
    );
  return (
    <Menu position="bottom-end" width={230} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          size="compact-xs"
          flex="none"
          variant="subtle"
          color="gray"
          aria-label="Save: report by class"
          data-unsaved
        >
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown data-unsaved>
        <Menu.Item onClick={() => hand(ALL)}>All of it (zip)</Menu.Item>
        <Menu.Item onClick={() => hand('report.md')}>Report (Markdown)</Menu.Item>
        <Menu.Item onClick={() => hand(FIGURES)}>Figures (JSON)</Menu.Item>
        {TABLES.filter(([name]) => comparison || name !== 'changes.csv').map(([name, title]) => (
          <Menu.Item key={name} onClick={() => hand(name)}>
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const ALL = 'report.zip';
const FIGURES = 'report.json';

async function handOut({ looked, report, comparison }: Props, which: string): Promise<void> {
  const { shown, before, part } = looked;
  const { tiles, data } = resultOf(looked, shown)!;
  const was = resultOf(looked, before);
  const { file } = stepOf(looked, shown);
  const compared =
    was && comparison ? { network: stepOf(looked, before).file, report: was.report, comparison } : undefined;
  const name = `${slug(file.replace(/\.safetensors$/, ''))}-${part}`;
  const { reportFiles, reportJson } = await import('../../lab/evaluate/report/files');
  if (which === FIGURES) {
    const { confusion, ...figures } = reportJson(report, compared);
    const facts = { network: file, tiles, part, classes: report.classes };
    return save(`${JSON.stringify({ ...facts, ...figures, confusion }, null, 2)}\n`, `${name}-${FIGURES}`);
  }
  const facts = { network: file, tiles, notes: [], part, before: compared };
  const files = reportFiles(report, facts, data);
  if (which !== ALL) return save(files.find(({ name }) => name === which)!.text, `${name}-${which}`);
  const { zipFolder } = await import('../../lab/files/takeAlong/zip');
  const encoder = new TextEncoder();
  const zip = await zipFolder(
    name,
    files.map(({ name, text }) => ({ name, bytes: encoder.encode(text) })),
  );
  save(new Uint8Array(zip), `${name}-report.zip`);
}
