/** Imported before anything of the page: its first script starts a worker, and here nobody answers. */
const document = Object.assign(new EventTarget(), { hidden: false });
Object.assign(globalThis, {
  Worker: class {},
  document,
  navigator: {},
  location: new URL('http://localhost/'),
});

export {};
