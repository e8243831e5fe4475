/** A message that stays until it is dismissed: trouble is red and spoken at once, a notice waits its turn. */
import { Alert, type AlertProps } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props extends Pick<AlertProps, 'title' | 'mt' | 'mb' | 'classNames'> {
  readonly kind: 'trouble' | 'notice';
  readonly children: ReactNode;
  onDismiss(): void;
}

export function Notice({ kind, children, onDismiss, ...rest }: Props) {
  return (
    <Alert
      {...rest}
      color={kind === 'trouble' ? 'red' : undefined}
      role={kind === 'trouble' ? 'alert' : 'status'}
      withCloseButton
      closeButtonLabel="Dismiss"
      onClose={onDismiss}
    >
      {children}
    </Alert>
  );
}
