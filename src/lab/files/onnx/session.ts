/** A file that is open to be run. */
export interface FileSession {
  /** One number after the other, in the layout of the file's input → its output. */
  run(input: Uint8Array | Float32Array, pictures: number): Promise<Float32Array>;
  release(): Promise<void>;
}
