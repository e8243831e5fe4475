/** For sharing and for class: the link, the glossary, the projector's size, what to hide, and the way back to the beginning. */
import { ActionIcon, Menu } from '@mantine/core';
import { useState } from 'react';
import { addressHere } from '../../state/address/address';
import { resetPage } from '../../state/drivers/session';
import { PART_NAMES, PARTS, toggleHidden, useFlags } from '../../state/page/flags';
import { openGlossary } from '../../state/page/glossary';
import { useLab } from '../../state/page/lab';
import { MoreIcon } from '../parts/icons';

export function PageMenu() {
  const { hidden, size } = useFlags();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(addressHere());
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      useLab.setState({
        notice: `This browser does not let the page copy. The link is in the address bar: ${addressHere()}`,
      });
    }
  };
  return (
    <Menu
      position="bottom-end"
      width={260}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      closeOnItemClick={false}
    >
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="Page menu" title="Page menu">
          <MoreIcon />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy the link to this experiment'}
        </Menu.Item>
        <Menu.CheckboxItem
          checked={size === 'projector'}
          onChange={(large) => useFlags.setState({ size: large ? 'projector' : 'normal' })}
        >
          Projector size
        </Menu.CheckboxItem>
        <Menu.Item closeMenuOnClick onClick={() => openGlossary()}>
          Glossary
        </Menu.Item>
        <Menu.Item closeMenuOnClick onClick={resetPage}>
          Reset the page
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Shown in class (part of the link)</Menu.Label>
        {PART_NAMES.map((part) => (
          <Menu.CheckboxItem key={part} checked={!hidden.has(part)} onChange={() => toggleHidden(part)}>
            {PARTS[part]}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
