/** The part of the decoder that is used: it comes without types. */
declare module 'lerc' {
  interface Decoded {
    readonly pixels: readonly ArrayBufferView[];
    readonly mask?: Uint8Array | null;
  }
  const Lerc: { decode(blob: ArrayBuffer): Decoded };
  export default Lerc;
}
