/** What penalties are called, for whoever needs no tensor. */
export const PENALTY_IDS = ['logits', 'features', 'weights'] as const;
export type PenaltyId = (typeof PENALTY_IDS)[number];
