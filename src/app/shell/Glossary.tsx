/** `docs/glossary.md` beside the page, at the entry that was asked for. Comes with the page: no request leaves it. */
import { Drawer, Text } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { anchorOf, closeGlossary, useGlossary } from '../../state/page/glossary';
import { Prose } from '../parts/Prose';
import classes from './Glossary.module.css';

const loadGlossary = (): Promise<string> =>
  import('../../../docs/glossary.md?raw').then(({ default: text }) => text);

/** Entries have ids of their own, which nothing else on the page has. */
const idOf = (anchor: string): string => `glossary-${anchor}`;

/** Brings an entry into sight and reading into it. */
function showEntry(anchor: string): void {
  const heading = document.getElementById(idOf(anchor));
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

export default function Glossary() {
  const { isOpen, term, here } = useGlossary();
  const [isThere, setThere] = useState(false);
  // It opens after it is there: only then does the drawer know where the focus was, and gives it back.
  const [isOut, setOut] = useState(false);
  useEffect(() => setOut(isOpen), [isOpen]);
  const shown = useCallback(() => setThere(true), []);
  useEffect(() => {
    if (isOpen && isThere && term) showEntry(term);
  }, [isOpen, isThere, term]);
  return (
    <Drawer.Root
      opened={isOut}
      onClose={closeGlossary}
      onExitTransitionEnd={() => setThere(false)}
      position="right"
      size={480}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        {/* No <header>: the page has one, and there is to be no second banner. */}
        <div className={classes.top}>
          <Drawer.Title className={classes.title}>Glossary</Drawer.Title>
          <Drawer.CloseButton aria-label="Close the glossary" />
        </div>
        <Drawer.Body>
          {here && (
            <Text size="sm" className={classes.here}>
              {here}
            </Text>
          )}
          <Prose load={loadGlossary} className={classes.entries} onShown={shown} options={OPTIONS} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

const OPTIONS = {
  slugify: (heading: string) => idOf(anchorOf(heading)),
  overrides: {
    // The drawer has the title already.
    h1: () => null,
    h3: ({ id, children }: { id?: string; children: ReactNode }) => (
      <h4 id={id} tabIndex={-1}>
        {children}
      </h4>
    ),
    a: Leads,
  },
} as const;

/** To another entry within; to a paper in a tab of its own; a file of the repository is named and not opened. */
function Leads({ href = '', children }: { href?: string; children: ReactNode }) {
  if (href.startsWith('#')) {
    return (
      <button type="button" className={classes.link} onClick={() => showEntry(href.slice(1))}>
        {children}
      </button>
    );
  }
  if (!href.startsWith('https://')) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
