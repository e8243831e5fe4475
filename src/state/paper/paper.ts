/** The Paper view: what is read there, a page of findings or a report. */
import { create } from 'zustand';
import { messageOf } from '../../lab/errors';
import { plain } from '../../lab/plain';
import { readReport } from '../../lab/reproduce/open';
import type { Report } from '../../lab/reproduce/report';
import { saysSweeps } from '../../lab/sweep/kind';
import { readTaskReport, type TaskReport } from '../../lab/tasks/report';

export const FINDINGS = 'findings';

/** Sweeps: those that are served beside the page, or of a status from disk. */
export const SWEEP = 'sweep';

/** Of tables of the paper, or of a task beside classification: their kind tells them apart. */
export type AnyReport = Report | TaskReport;

export interface PaperState {
  /** `FINDINGS`, or the key of a report. */
  readonly shown: string;
  /** Reports read so far, by key; those from disk under their file's name. */
  readonly reports: Readonly<Record<string, AnyReport>>;
  readonly trouble: string | null;
}

export const usePaper = create<PaperState>()(() => ({ shown: FINDINGS, reports: {}, trouble: null }));

const { getState, setState } = usePaper;

/** The report that is shown; undefined for the findings, and while it is not read. A link may ask for any name at all. */
export const reportShown = ({ reports, shown }: PaperState): AnyReport | undefined =>
  Object.hasOwn(reports, shown) ? reports[shown] : undefined;

/** Asks for the findings, or for a report by its key, which the view reads where it was not. */
export const show = (shown: string): void => setState({ shown, trouble: null });

/** A link asked for a report that does not come with this page. */
export const refuseReport = (key: string): void =>
  setState({ shown: FINDINGS, trouble: `No report “${key}” comes with this page. Here are the findings.` });

/** Shows a report by its key, reading it first where it was not. */
export async function showReport(key: string, read: () => Promise<AnyReport>): Promise<void> {
  show(key);
  if (Object.hasOwn(getState().reports, key)) return;
  try {
    const report = await read();
    setState({ reports: { ...getState().reports, [key]: report } });
  } catch (error) {
    // Only what is still wanted may say that it failed.
    if (getState().shown === key) setState({ shown: FINDINGS, trouble: messageOf(error) });
  }
}

/** Whether statuses of sweeps are served beside the page: `lab sweep … --page` says so in it. */
export const hasSweeps = (): boolean => document.querySelector('meta[name="orbit-lab-sweep"]') !== null;

/** Opens a report from disk, or statuses of sweeps; what is shown stays where it is neither. */
export async function openReport(file: File): Promise<void> {
  setState({ trouble: null });
  try {
    const text = await file.text();
    if (saysSweeps(text)) {
      const { openSweeps } = await import('../sweep/sweep');
      openSweeps(text, file.name);
      setState({ shown: SWEEP });
      return;
    }
    const report = readTaskReport(text, file.name) ?? readReport(text, file.name);
    const key = plain(file.name);
    setState({ shown: key, reports: { ...getState().reports, [key]: report } });
  } catch (error) {
    setState({ trouble: messageOf(error) });
  }
}
