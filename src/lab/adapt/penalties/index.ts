/** The penalties of equivariant fine-tuning: each is a file here and a line in this list. */
import { features } from './features';
import { logits } from './logits';
import type { PenaltyId } from './names';
import type { Penalty } from './penalty';
import { weights } from './weights';

export const PENALTIES: { readonly [Id in PenaltyId]: Penalty } = { logits, features, weights };
