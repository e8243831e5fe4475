/** A page of docs/ as it is written, loaded when it is read. */
import Markdown from 'markdown-to-jsx/react';
import { type ComponentProps, type ReactNode, useEffect, useState } from 'react';
import classes from './Prose.module.css';
import { Scrolling } from './Scrolling';

interface Props {
  readonly load: () => Promise<string>;
  readonly className?: string;
  /** Told once the text is there. */
  readonly onShown?: () => void;
  readonly options?: Pick<NonNullable<ComponentProps<typeof Markdown>['options']>, 'slugify' | 'overrides'>;
}

export function Prose({ load, className = '', onShown, options }: Props) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    void load().then((loaded) => isGone || setText(loaded));
    return () => {
      isGone = true;
    };
  }, [load]);
  const isThere = text !== null;
  useEffect(() => {
    if (isThere) onShown?.();
  }, [isThere, onShown]);
  if (text === null) return <div className={className} style={{ minHeight: 480 }} aria-busy="true" />;
  const overrides = { ...OPTIONS.overrides, ...options?.overrides };
  return (
    <article className={`${className} ${classes.text}`}>
      <Markdown options={{ ...OPTIONS, ...options, overrides }}>{text}</Markdown>
    </article>
  );
}

const OPTIONS = {
  forceBlock: true,
  disableParsingRawHTML: true,
  overrides: {
    // The page has its own first heading.
    h1: { component: 'h2' },
    h2: { component: 'h3' },
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
