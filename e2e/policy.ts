/** What the policy of the page must stop, tried in the page and in its workers. Functions that run there, so they use nothing else. */

/** What came of each: `stopped`, or what was got. */
export type Outcome = Readonly<Record<string, string>>;

/** In any realm: to connect to a stranger, and to run text. stranger: its address. */
export async function tryForbidden(stranger: string): Promise<Outcome> {
  const tried = async (work: () => unknown) => {
    try {
      return `let through: ${await work()}`;
    } catch {
      return 'stopped';
    }
  };
  const socket = () =>
    new Promise((resolve, reject) => {
      const made = new WebSocket(stranger.replace('http', 'ws'));
      made.onerror = reject;
      made.onopen = resolve;
    });
  return {
    fetch: await tried(async () => (await fetch(`${stranger}/fetch`)).status),
    socket: await tried(socket),
    // biome-ignore lint/security/noGlobalEval: it is tried whether it can be.
    eval: await tried(() => globalThis.eval('1 + 1')),
    function: await tried(() => new Function('return 2')()),
  };
}

export const stoppedIn: Outcome = {
  fetch: 'stopped',
  socket: 'stopped',
  eval: 'stopped',
  function: 'stopped',
};

/** In the page: what a script that got in would do next. */
export async function tryInPage(stranger: string): Promise<Outcome> {
  const made = <K extends keyof HTMLElementTagNameMap>(
    kind: K,
    fill: (element: HTMLElementTagNameMap[K]) => void,
  ) =>
    new Promise<string>((resolve) => {
      const element = document.createElement(kind);
      element.onload = () => resolve('let through');
      element.onerror = () => resolve('stopped');
      fill(element);
      document.head.append(element);
      // What says nothing has done nothing.
      setTimeout(resolve, 2000, 'stopped');
    });
  const marked = window as { __inline?: boolean };
  await made('script', (script) => {
    script.textContent = 'window.__inline = true';
  });
  const button = document.createElement('button');
  button.setAttribute('onclick', 'window.__inline = true');
  button.click();
  navigator.sendBeacon(`${stranger}/beacon`, 'x');
  return {
    inline: marked.__inline ? 'let through' : 'stopped',
    script: await made('script', (script) => {
      script.src = `${stranger}/script.js`;
    }),
    image: await made('img', (image) => {
      image.src = `${stranger}/image.png`;
    }),
    style: await made('link', (link) => {
      link.rel = 'stylesheet';
      link.href = `${stranger}/style.css`;
    }),
  };
}

export const stoppedInPage: Outcome = {
  inline: 'stopped',
  script: 'stopped',
  image: 'stopped',
  style: 'stopped',
};

/** Starts a worker of a file by a line of the page's own, as the page starts its own (startWorker.ts); its first word. */
export function askWorker(file: string): Promise<unknown> {
  const line = new Blob([`import ${JSON.stringify(file)};`], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(line), { type: 'module' });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => resolve(`did not start: ${message}`);
  });
}
