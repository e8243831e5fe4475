/** `docs/what-reproduces.md`, the same words as in the repository. */
import Markdown from 'markdown-to-jsx/react';
import { type ReactNode, useEffect, useState } from 'react';
import { Scrolling } from '../parts/Scrolling';
import classes from './Findings.module.css';
import { loadFindings } from './shipped';

export function Findings() {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    void loadFindings().then((loaded) => isGone || setText(loaded));
    return () => {
      isGone = true;
    };
  }, []);
  if (text === null) return <div className="card" style={{ minHeight: 480 }} aria-busy="true" />;
  return (
    <article className={`card ${classes.text}`}>
      <Markdown options={OPTIONS}>{text}</Markdown>
    </article>
  );
}

const OPTIONS = {
  forceBlock: true,
  disableParsingRawHTML: true,
  overrides: {
    // The page has its own first heading.
    h1: 'h2',
    h2: 'h3',
    table: ({ children }: { children: ReactNode }) => (
      <Scrolling label="Table">
        <table>{children}</table>
      </Scrolling>
    ),
    pre: ({ children }: { children: ReactNode }) => (
      <Scrolling label="Command and what it prints">
        <pre>{children}</pre>
      </Scrolling>
    ),
  },
} as const;
