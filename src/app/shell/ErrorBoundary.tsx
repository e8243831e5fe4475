/** The last resort: a view that throws becomes a sentence and a button, never a blank page. */
import { Alert, Button, Container, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { messageOf } from '../../lab/errors';

interface State {
  readonly error: unknown;
}

export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <Container size="sm" py="xl">
        <Alert color="red" title="This view could not be drawn" role="alert">
          <Text size="sm" mb="sm">
            Finished epochs and fine-tuned networks are kept in this browser. Load the page again to go on.
          </Text>
          <Text size="sm" mb="md">
            {messageOf(this.state.error)}
          </Text>
          <Button color="red" onClick={() => location.reload()}>
            Load again
          </Button>
        </Alert>
      </Container>
    );
  }
}
