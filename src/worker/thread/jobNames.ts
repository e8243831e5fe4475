/** The jobs of jobs.ts: known before that is loaded. */
export const JOBS = [
  ...(['model', 'takeAlong', 'onnx', 'tflite', 'cFile', 'time', 'classify', 'run', 'train'] as const),
  ...(['import', 'download', 'rotate'] as const),
] as const;
