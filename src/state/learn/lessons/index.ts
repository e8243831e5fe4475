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
  const other = sheet.unit !== 'neuron' ? nets.main : peer && peer.unit !== 'neuron' ? nets.peer : null;
  return other && `The lessons are about networks of convolutions, and ${other.title} is a transformer.`;
};

export const lessonOf = (id: string): Lesson | undefined => LESSONS.find((lesson) => lesson.id === id);
