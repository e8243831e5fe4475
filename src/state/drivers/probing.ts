/**
 * Which engine “Automatic” takes is measured: when the page has all it was opened for and nobody computes, a worker of its
 * own trains the network on the bench for a moment on each engine. Only where there is a real graphics card; what is found
 * is remembered for the next visit.
 */
import { messageOf } from '../../lab/errors';
import { type Device, findAdapter } from '../../lab/runtime/adapter';
import { winnerOf } from '../../lab/runtime/probe';
import { CODE } from '../page/code';
import { type Measurement, type Probe, remember, rememberedOf, shapeOf } from '../page/engine';
import { useLab } from '../page/lab';
import { useExperiment } from '../prune/experiment';
import { useTraining } from './training';
import { newClient } from './workers';

/** How long nothing may have been asked of the workers, and how soon it is looked again, in milliseconds. */
const REST = 1500;

const put = (probe: Probe): void => useLab.setState({ probe });

let following = false;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Measures for each network that is opened, from now on. `change`: takes up another engine. */
export function followEngines(change: () => void): void {
  if (following) return;
  following = true;
  const look = () => {
    clearTimeout(waiting);
    const { status, preference, opened, probe } = useLab.getState();
    if (status !== 'ready' || preference !== 'auto' || !opened) return;
    if (probe?.status === 'measured' && probe.measurement.shape === shapeOf(opened.nets.main.spec)) return;
    waiting = setTimeout(async () => {
      if (!isIdle()) return look();
      await probeIfWorthwhile();
      const { probe: found, backend, preference: now } = useLab.getState();
      if (found?.status !== 'measured' || now !== 'auto' || !isIdle()) return;
      const { paces } = found.measurement;
      const winner = winnerOf(paces);
      if ('rate' in paces[winner] && winner !== backend?.backend) change();
    }, REST);
  };
  useLab.subscribe(({ status, opened, preference }, before) => {
    if (status !== before.status || opened !== before.opened || preference !== before.preference) look();
  });
  look();
}

/** Measures whatever adapter there is, and tells; for tests. */
export async function probeAnyway(): Promise<Probe> {
  await measure(await findAdapter());
  return useLab.getState().probe!;
}

function isIdle(): boolean {
  const { finetunings } = useExperiment.getState();
  const isTuning = Object.values(finetunings).some(({ status }) => status !== 'done' && status !== 'failed');
  return document.visibilityState === 'visible' && !useTraining.getState().live && !isTuning;
}

async function probeIfWorthwhile(): Promise<void> {
  let device: Device;
  try {
    device = await findAdapter();
  } catch (error) {
    return put({ status: 'unmeasured', because: messageOf(error) });
  }
  if (device.software) {
    return put({
      status: 'unmeasured',
      because: `there is only a software adapter (${device.adapter}), which is never taken by itself`,
    });
  }
  const { opened } = useLab.getState();
  const { spec } = opened!.nets.main;
  const known = rememberedOf({ shape: shapeOf(spec), adapter: device.adapter, code: CODE });
  if (known) put({ status: 'measured', measurement: known, remembered: true });
  else await measure(device);
}

async function measure({ adapter }: Device): Promise<void> {
  const { opened, subject } = useLab.getState();
  const { spec, arch: design } = opened!.nets.main;
  const before = useLab.getState().probe;
  put({ status: 'measuring', design });
  const client = newClient((why) => put({ status: 'unmeasured', because: `its worker ended (${why})` }));
  try {
    const paces = await client.run('probe', { arch: spec }).result;
    const shape = shapeOf(spec);
    const measurement: Measurement = {
      ...{ shape, design, adapter, code: CODE, subject: JSON.stringify(subject), paces },
    };
    put({ status: 'measured', measurement, remembered: false });
    remember(measurement);
  } catch (error) {
    if (useLab.getState().probe?.status === 'measuring')
      put(before ?? { status: 'unmeasured', because: messageOf(error) });
  } finally {
    client.close();
  }
}
