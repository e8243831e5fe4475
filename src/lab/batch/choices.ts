/** What is chosen when many pictures are classified. */
import { z } from 'zod';
import { UNSURE } from '../evaluate/unsure';
import { RESIZES } from '../pictures/resize';

export const batchChoicesSchema = z.strictObject({
  /** Answers with a probability below this are flagged as unsure. */
  unsure: z.number().min(0).max(1),
  /** Whether each picture is asked in a mirror too: at eight positions, not four. */
  mirrors: z.boolean(),
  /** How pictures that are no square become one. */
  resize: z.enum(RESIZES),
});

export type BatchChoices = z.infer<typeof batchChoicesSchema>;

export const USUAL_BATCH: BatchChoices = { unsure: UNSURE, mirrors: false, resize: 'crop' };
