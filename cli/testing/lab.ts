/** The command line, within the process of the tests or as one of its own, and tiles for it; for tests only. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { png } from '../../src/lab/data/testing/pictures';
import { tinyDataset } from '../../src/lab/testing/tiny';
import { runLab } from '../program';

export interface Outcome {
  /** null where it was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let running: Promise<unknown> = Promise.resolve();

/** Runs the lab to its end within this process, which saves the second that one of its own takes to start; one at a time. */
export function lab(...args: string[]): Promise<Outcome> {
  const outcome = running.then(() => listened(args));
  running = outcome.catch(() => {});
  return outcome;
}

/** What the lab prints meanwhile is nobody else's. */
async function listened(args: readonly string[]): Promise<Outcome> {
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write];
  const printed = ['', ''];
  [stdout, stderr].forEach((stream, i) => {
    stream.write = (text: string | Uint8Array) => {
      printed[i] += typeof text === 'string' ? text : Buffer.from(text).toString();
      return true;
    };
  });
  try {
    const code = await runLab(args);
    return { code, out: printed[0], err: printed[1] };
  } finally {
    [stdout.write, stderr.write] = writes;
  }
}

/** Runs the lab to its end as a person does: in a process of its own. */
export const labProcess = (...args: string[]): Promise<Outcome> => started(...args).ended;

/** Runs the lab to its end, which is to be a good one, and reads what it prints as JSON. */
export async function labJson(args: readonly string[], revive?: (key: string, value: unknown) => unknown) {
  const { code, out, err } = await lab(...args, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out, revive);
}

/** Writes files into a folder, with the folders that they need. */
export async function writeInto(top: string, files: readonly [string, Uint8Array][]): Promise<void> {
  for (const [name, bytes] of files) {
    const file = path.join(top, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

/** Starts the lab as one process, so that killing it leaves nothing behind. */
export function started(...args: string[]): { process: ChildProcess; ended: Promise<Outcome> } {
  const command = [path.resolve('scripts/lab.mjs'), ...args];
  let end: (outcome: Outcome) => void;
  const ended = new Promise<Outcome>((resolve) => (end = resolve));
  const child = execFile(process.execPath, command, { maxBuffer: 1e8 }, (error, out, err) => {
    end({ code: error ? (child.exitCode ?? null) : 0, out, err });
  });
  return { process: child, ended };
}

/** Learnable tiles of three classes, as the files of a folder with one subfolder per class. */
export async function pictures(folder: string, size = 8, perClass = 15): Promise<[string, Uint8Array][]> {
  const { classes, labels, pixels, count } = tinyDataset(perClass, size);
  const files: [string, Uint8Array][] = [];
  for (let i = 0; i < count; i++) {
    const rgb = pixels.subarray(i * size * size * 3, (i + 1) * size * size * 3);
    const rgba = new Uint8ClampedArray(size * size * 4).fill(255);
    for (let p = 0; p < size * size; p++) rgba.set(rgb.subarray(3 * p, 3 * p + 3), 4 * p);
    files.push([
      `${folder}${classes[labels[i]]}/${i}.png`,
      await png({ width: size, height: size, data: rgba } as never),
    ]);
  }
  return files;
}
