/** The lessons, in the order in which they build on each other. Adding one is adding a file and a line. */
import { broken } from './broken';
import { collapse } from './collapse';
import { dead } from './dead';
import { equivariance } from './equivariance';
import { fast } from './fast';
import { integers } from './integers';
import type { Lesson, Seen } from './lesson';
import { mind } from './mind';
import { upright } from './upright';

export const LESSONS: readonly Lesson[] = [
  equivariance,
  mind,
  collapse,
  dead,
  broken,
  fast,
  integers,
  upright,
].map((lesson) => ({ ...lesson, lack: (seen) => lackOfNeurons(seen) ?? lesson.lack?.(seen) ?? null }));

/** They are all about hidden neurons behind convolutions. */
const lackOfNeurons = ({ sheet, peer, opened: { nets } }: Seen): string | null => {
  const [unit, other] =
    sheet.unit !== 'neuron' ? [sheet.unit, nets.main] : [peer?.unit ?? 'neuron', nets.peer];
  if (unit === 'neuron' || !other) return null;
  return unit === 'filter'
    ? `The lessons are about hidden neurons behind group convolutions, and ${other.title} came in from elsewhere, with layers of its own.`
    : `The lessons are about networks of convolutions, and ${other.title} is a transformer.`;
};

export const lessonOf = (id: string): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);
