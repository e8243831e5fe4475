/** What the engine menu says of a measurement. */
import { type EnginePace, WORTH, winnerOf } from '../../lab/runtime/probe';
import type { Probe } from '../page/engine';
import { whole } from './format';

const TITLES = { wasm: 'WASM', webgpu: 'WebGPU' } as const;

/** Sentences: what each engine reached, which one is taken, and why. */
export function probeSentence(probe: Probe): string {
  if (probe.status === 'measuring') return `Measuring which engine trains ${probe.design} faster …`;
  if (probe.status === 'unmeasured') {
    return `WebGPU was not measured against it: ${probe.because}. So “Automatic” takes WASM.`;
  }
  const { measurement, remembered } = probe;
  const { paces, design } = measurement;
  const when = remembered ? 'On an earlier visit' : 'Measured here';
  const each = (['wasm', 'webgpu'] as const).map((name) => paceWords(TITLES[name], paces[name]));
  return `${when}, training ${design}: ${each.join('; ')}. ${verdict(paces)}`;
}

const paceWords = (title: string, pace: EnginePace): string =>
  'problem' in pace
    ? `${title} could not be measured (${pace.problem})`
    : `${title} ${rateWords(pace.rate)} tiles per second (${pace.adapter})`;

/** Slow ones with a decimal. */
const rateWords = (rate: number): string => (rate < 10 ? rate.toFixed(1) : whole(Math.round(rate)));

function verdict(paces: Parameters<typeof winnerOf>[0]): string {
  const winner = winnerOf(paces);
  const { wasm, webgpu } = paces;
  const taken = `so “Automatic” takes ${TITLES[winner]}`;
  if ('problem' in wasm || 'problem' in webgpu) return `${capital(taken)}.`;
  const [fast, slow] = winner === 'wasm' ? [wasm.rate, webgpu.rate] : [webgpu.rate, wasm.rate];
  if (fast >= slow) return `${TITLES[winner]} is ${timesWords(fast / slow)} as fast, ${taken}.`;
  return `WebGPU is not ${WORTH} times as fast, ${taken}, on which runs repeat bit for bit.`;
}

const timesWords = (times: number): string =>
  times < 1.05 ? 'just' : `${times < 10 ? times.toFixed(1) : whole(Math.round(times))} times`;

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
