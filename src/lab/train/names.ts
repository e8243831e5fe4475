/** The names of what a step ends with in tfjs, where an engine has it as one program. */
export const CROSS_ENTROPY = 'OrbitCrossEntropy';
export const DISTILLATION = 'OrbitDistillation';
export const RUNNING_STATISTICS = 'OrbitRunningStatistics';
