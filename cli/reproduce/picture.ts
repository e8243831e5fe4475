/** What the pictures of reports have in common: whole SVG documents, readable in light and in dark. */
import type { renderToStaticMarkup as Render } from 'react-dom/server';

/** A drawing as a whole SVG document, an element a line. */
export async function svgDocument(drawing: Parameters<typeof Render>[0]): Promise<string> {
  // Here and not at the head: every other verb starts without it.
  const { renderToStaticMarkup } = await import('react-dom/server');
  const markup = renderToStaticMarkup(drawing);
  return `${markup.replaceAll(/"><\/\w+>/g, '"/>').replaceAll('><', '>\n<')}\n`;
}

/** Colours of light and dark, and how words are set. */
export const STYLE = `
svg { --ink: #1d2530; --quiet: #4c5561; --line: #dfe3e8; --surface: #ffffff; --accent: #0b6bcb; --vermillion: #b3480a; --purple: #6b4fb3; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e6e9ee; --quiet: #aab2bd; --line: #343a42; --surface: #14181f; --accent: #6cb2ff; --vermillion: #ff9d5c; --purple: #b9a2ff; }
}
text { font: 13px system-ui, sans-serif; fill: var(--ink); }
.heading { font-weight: 600; font-size: 15px; }
.small, .small text { font-size: 12px; fill: var(--quiet); }
`;

/** Lines of at most so many characters, broken at spaces. */
export function wrapWords(words: string, characters: number): string[] {
  const lines = [''];
  for (const word of words.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + word.length >= characters) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
