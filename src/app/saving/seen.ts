/**
 * A part of the page drawn on a canvas as it is seen: its copy goes, with the page's own styles, into an SVG picture,
 * which the browser draws with the engine that draws the page. (Libraries copy every computed property of every
 * element instead, which holds up the page for a second or more.)
 */

const XHTML = 'http://www.w3.org/1999/xhtml';
const SVG = 'http://www.w3.org/2000/svg';

/** `leftOut`: a selector of what is not drawn. The picture is transparent where nothing is painted. */
export async function seen(element: Element, scale: number, leftOut: string): Promise<HTMLCanvasElement> {
  const { width, height } = element.getBoundingClientRect();
  const copy = copyOf(element);
  // Their places stay, so that nothing else moves.
  for (const each of copy.querySelectorAll<HTMLElement>(leftOut)) each.style.visibility = 'hidden';
  copy.style.cssText += `; margin: 0; box-sizing: border-box; width: ${width}px; height: ${height}px`;
  const picture = pictureWith(inItsPlace(element, copy), await styles(), width, height);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext('2d');
  context?.scale(scale, scale);
  context?.drawImage(image, 0, 0);
  return canvas;
}

/** A deep copy that carries what an element knows beyond its markup: drawings and marks. */
function copyOf(element: Element): HTMLElement {
  const copy = element.cloneNode(true) as HTMLElement;
  const copies = copy.querySelectorAll('canvas, input');
  element.querySelectorAll('canvas, input').forEach((original, i) => {
    if (original instanceof HTMLInputElement) copies[i].toggleAttribute('checked', original.checked);
    if (original instanceof HTMLCanvasElement) copies[i].replaceWith(drawingOf(original));
  });
  return copy;
}

/** What is on a canvas, as a picture of the same look: styles that name canvases do not reach it. */
function drawingOf(canvas: HTMLCanvasElement): HTMLImageElement {
  const { width, height, imageRendering, borderRadius, rotate } = getComputedStyle(canvas);
  const drawing = document.createElement('img');
  drawing.className = canvas.className;
  drawing.src = canvas.toDataURL();
  Object.assign(drawing.style, { width, height, imageRendering, borderRadius, rotate });
  return drawing;
}

/** The copy within empty copies of all that it lies in, so that styles that ask where it is find it there. */
function inItsPlace(element: Element, copy: Element): Element {
  let inner = copy;
  for (let at = element.parentElement; at && at !== document.documentElement; at = at.parentElement) {
    const shell = at.cloneNode(false) as HTMLElement;
    // What is inherited comes through; no box of its own.
    shell.style.cssText = 'display: contents';
    shell.append(inner);
    inner = shell;
  }
  return inner;
}

/** As wide as the window, so that the styles' questions about its width are answered as on the page. */
function pictureWith(content: Element, css: string, width: number, height: number): SVGSVGElement {
  const picture = document.createElementNS(SVG, 'svg');
  // The colour scheme and the size: the picture's root stands for the page's.
  for (const { name, value } of document.documentElement.attributes) picture.setAttribute(name, value);
  picture.setAttribute('width', `${Math.ceil(Math.max(window.innerWidth, width))}`);
  picture.setAttribute('height', `${Math.ceil(height)}`);
  const style = document.createElementNS(SVG, 'style');
  style.textContent = css;
  const frame = document.createElementNS(SVG, 'foreignObject');
  frame.setAttribute('width', '100%');
  frame.setAttribute('height', '100%');
  const ground = document.createElementNS(XHTML, 'div');
  ground.append(content);
  frame.append(ground);
  picture.append(style, frame);
  return picture;
}

/** All styles of the page; letters as data, since a picture may fetch nothing. */
async function styles(): Promise<string> {
  const rules = [...document.styleSheets].flatMap(({ cssRules, href }) =>
    [...cssRules].map((rule) =>
      rule instanceof CSSFontFaceRule ? withData(rule.cssText, href ?? document.baseURI) : rule.cssText,
    ),
  );
  return (await Promise.all(rules)).join('\n');
}

const fetched = new Map<string, Promise<string>>();

/** A rule with the file that it names inside. */
async function withData(rule: string, base: string): Promise<string> {
  const name = /url\(["']?([^"')]+)["']?\)/.exec(rule)?.[1];
  if (!name || name.startsWith('data:')) return rule;
  const address = new URL(name, base).href;
  const data = fetched.get(address) ?? dataOf(address);
  fetched.set(address, data);
  return rule.replace(name, await data);
}

async function dataOf(address: string): Promise<string> {
  const blob = await (await fetch(address)).blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
