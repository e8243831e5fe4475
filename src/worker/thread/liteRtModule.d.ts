/** As vite.config.ts has it: the package's script is a classic one. */
declare module '@litertjs/core/wasm/litert_wasm_compat_internal.js' {
  const makeModule: (settings: object) => Promise<unknown>;
  export default makeModule;
}
