/**
 * A small menu beside a chart or table that hands it out: CSV and JSON from its plain value, PNG as it is seen. Hooking
 * in is one line: `<SaveMenu what="accuracy curves" table={() => curveTable(…)} />`.
 */
import { Button, Menu } from '@mantine/core';
import { memo, useCallback, useEffect, useRef } from 'react';
import { messageOf } from '../../lab/errors';
import { addressHere } from '../../state/address/address';
import { useLab } from '../../state/page/lab';
import { fileName, type Table } from '../../state/page/table';
import classes from './SaveMenu.module.css';
import { save } from './save';

interface Props {
  /** What is saved, in a few words: "accuracy curves". */
  readonly what: string;
  /** Makes the value; called when something is saved, so that it costs nothing before. */
  table(): Table;
  /** A CSS selector of what the picture shows, within the card; else the figure that the menu is in, or the card. */
  readonly picture?: string;
}

export function SaveMenu({ what, table, picture }: Props) {
  const latest = useRef(table);
  useEffect(() => {
    latest.current = table;
  });
  return <StillMenu what={what} table={useCallback(() => latest.current(), [])} picture={picture} />;
}

/** Stands beside charts that are drawn anew ten times a second, and is not. */
const StillMenu = memo(function StillMenu({ what, table, picture }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const hand = async (extension: 'csv' | 'json' | 'png') => {
    try {
      const given = table();
      const value = { ...given, source: { ...given.source, link: addressHere() } };
      save(
        await contentOf(value, extension, () => findPictured(button.current!, picture)),
        fileName(value.name, extension),
      );
    } catch (error) {
      useLab.setState({ refusal: `The file could not be made: ${messageOf(error)}.` });
    }
  };
  return (
    <Menu position="bottom-end" width={200} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          ref={button}
          className={classes.button}
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={`Save: ${what}`}
          data-unsaved
        >
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown data-unsaved>
        <Menu.Item onClick={() => void hand('csv')}>Table (CSV)</Menu.Item>
        <Menu.Item onClick={() => void hand('json')}>Data (JSON)</Menu.Item>
        <Menu.Item onClick={() => void hand('png')}>Picture (PNG)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});

async function contentOf(
  table: Table,
  extension: 'csv' | 'json' | 'png',
  seen: () => Element,
): Promise<BlobPart> {
  if (extension === 'png') return (await import('./picture')).pictureOf(seen(), table);
  const { csvOf, jsonOf } = await import('./csv');
  return extension === 'csv' ? csvOf(table) : jsonOf(table);
}

/** The element whose picture is taken. */
function findPictured(button: Element, selector: string | undefined): Element {
  const card = button.closest('.card') ?? document.body;
  return (selector ? card.querySelector(selector) : button.closest('figure')) ?? card;
}
