/** The page's first script starts a worker; here nobody answers. To be imported before whatever imports drivers. */
Object.assign(globalThis, {
  Worker: class {},
  document: Object.assign(new EventTarget(), { hidden: false }),
  navigator: {},
  location: new URL('http://localhost/'),
});

export {};
