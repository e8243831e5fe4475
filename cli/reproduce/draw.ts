/** What is written of a report beside its JSON: everything for reading, made from the report alone. */
import { markdownOf } from '../../src/lab/reproduce/markdown';
import type { Report } from '../../src/lab/reproduce/report';
import { sectionChart } from './sectionChart';

/** `report.md` and a chart for each section, by file name. */
export async function drawReport(report: Report): Promise<Map<string, string>> {
  const charts = new Map(report.sections.map(({ id }) => [id, `${id}.svg`]));
  const files = new Map([['report.md', markdownOf(report, charts)]]);
  for (const section of report.sections) files.set(charts.get(section.id)!, await sectionChart(section));
  return files;
}
