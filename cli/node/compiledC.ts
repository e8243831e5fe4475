/** Networks in C, compiled where a compiler is, to be held against the lab. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { FileSession } from '../../src/lab/files/onnx/session';

const run = promisify(execFile);

/** C99 to the letter: a warning is an error. */
const FLAGS = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic', '-O2'];

/** A compiler, and its first line about itself. */
export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** The one that `CC` names, or `cc`; null where there is none. */
export async function findCompiler(command = process.env.CC || 'cc'): Promise<Compiler | null> {
  const found = await run(command, ['--version']).catch(() => null);
  return found && { command, version: found.stdout.split('\n')[0].trim() || command };
}

/** A program made of a network's file. */
export interface CompiledC extends FileSession {
  /** Runs it as a person does; logits come with nine digits. */
  call(...names: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  readonly folder: string;
}

/** Throws what the compiler says. more: further flags. */
export async function compileC(
  { command }: Compiler,
  text: string,
  more: readonly string[] = [],
): Promise<CompiledC> {
  const folder = await mkdtemp(path.join(tmpdir(), 'orbit-c-'));
  const [source, program] = [path.join(folder, 'network.h'), path.join(folder, 'network')];
  const release = () => rm(folder, { recursive: true, force: true });
  await writeFile(source, text);
  try {
    await run(command, [...FLAGS, ...more, '-DORBIT_MAIN', '-x', 'c', source, '-o', program, '-lm']);
  } catch (error) {
    await release();
    throw error;
  }
  const call = async (...names: string[]) => {
    try {
      const { stdout, stderr } = await run(program, names, { maxBuffer: 2 ** 28 });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  };
  return {
    folder,
    call,
    release,
    run: async (pixels) => {
      const file = path.join(folder, 'pixels');
      await writeFile(file, pixels);
      const { code, out, err } = await call('--raw', '--logits', file);
      if (code !== 0) throw new Error(`The program ended with ${code}: ${err}`);
      return Float32Array.from(out.trim().split(/\s+/), Number);
    },
  };
}
