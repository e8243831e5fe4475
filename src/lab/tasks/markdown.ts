/** A task's report as Markdown: what is in the JSON, for reading. */
import { figureLines } from '../markdown';
import { formatSpread } from '../reproduce/format';
import { duration } from '../reproduce/markdown';
import type { TaskReport } from './report';
import { HOLDS, TASK_DEFINITIONS } from './verdict';

/** charts: the file names of the pictures, with what they show. */
export function taskMarkdown(report: TaskReport, charts: readonly { file: string; title: string }[]): string {
  const { title, scale, seeds, made, command, environment, wallSeconds, measures, rows, curves } = report;
  const load = environment.load?.map((value) => value.toFixed(1)).join(' … ');
  return [
    `# ${title}`,
    '',
    `Scale ${scale}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}. Made on ${made.slice(0, 10)} by`,
    '',
    ...['```sh', command, '```', ''],
    `Backend ${environment.backend}; ${environment.hardware}; ${environment.software}; ${duration(wallSeconds)} from ` +
      `start to end${load ? `; load average of the machine meanwhile ${load} (above its cores it did other work too, and seconds say little)` : ''}.`,
    '',
    ...(scale === 'tiny'
      ? [
          '**This scale proves that all of it works. It trains too shortly, on too little, to rank anything.**',
          '',
        ]
      : []),
    ...[...report.data, ...report.notes].map((line) => `- ${line}`),
    '',
    ...charts.flatMap(({ file, title: shown }) => [`![${shown}](${file})`, '']),
    ...figureLines(
      ['', ...measures.map(({ label, better }) => `${label} (${better} is better)`), 'seconds of training'],
      rows.map(({ label, figures, seconds }) => [
        label,
        ...measures.map(({ id }) => formatSpread(figures[id])),
        seconds === null ? '–' : seconds.mean.toFixed(0),
      ]),
    ),
    '',
    '± is the sample standard deviation over seeds, which vary first weights, the order of examples and what is drawn for R; ' +
      'the data is one and the same.',
    '',
    ...rows
      .filter(({ chosen }) => chosen.length > 0)
      .map(({ label, chosen }) => `- ${label}: the validation part chose ${listed(chosen)}.`),
    '',
    ...curves.flatMap((curve) => [
      `## ${curve.label}`,
      '',
      ...figureLines(
        [curve.along, ...rows[0].curves[curve.id].mean.map((_, i) => places(curve.from + i * curve.step))],
        rows.map(({ label, curves: own }) => [label, ...own[curve.id].mean.map((y) => (100 * y).toFixed(1))]),
      ),
      '',
    ]),
    '## What shows',
    '',
    ...report.findings.map(
      ({ title: claim, holds, sentence }) => `- **${claim}: ${HOLDS[`${holds}`]}.** ${sentence}`,
    ),
    '',
    ...TASK_DEFINITIONS.map((line) => `- ${line}`),
    '',
    '## Settings',
    '',
    ...['```json', JSON.stringify(report.settings), '```', ''],
  ].join('\n');
}

const places = (value: number): string => String(Number(value.toFixed(4)));

/** "a, b" as they were chosen by the seeds; once where all chose alike. */
const listed = (chosen: readonly string[]): string => {
  const different = [...new Set(chosen)];
  return different.length === 1
    ? `“${different[0]}” in every seed`
    : chosen.map((each) => `“${each}”`).join(', ');
};
