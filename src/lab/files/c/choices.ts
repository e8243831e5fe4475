/** What may be chosen of a file in C: plain values, which a page knows before anything of C is loaded. */

/** As in ONNX files (onnx/choices.ts), but for fixed ranges. */
export const C_ROUNDINGS = ['none', 'dynamic'] as const;
export type CRounding = (typeof C_ROUNDINGS)[number];
