/** A share in per cent, exactly: `33.33%` and `33.334%` are two. */
export const percents = (ratio: number): string => `${Number((100 * ratio).toPrecision(12))}%`;
