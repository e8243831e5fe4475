/** The last resort, for what no `ViewBoundary` stands around: a sentence and a way out, never a blank page. */
import { Alert, Button, Container, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { messageOf } from '../../lab/errors';
import { unlessDeleted } from '../../state/words/library';

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
        <Alert color="red" title="The page could not be drawn" role="alert">
          <Text size="sm" mb="sm">
            {unlessDeleted('Finished epochs and fine-tuned networks are kept in this browser.')} Load the page
            again to go on; where that ends here too, without what the link asks for.
          </Text>
          <Text size="sm" mb="md">
            {messageOf(this.state.error)}
          </Text>
          <Group gap={8}>
            <Button color="red" onClick={() => location.reload()}>
              Load again
            </Button>
            <Button variant="default" onClick={() => location.assign(location.pathname)}>
              Load without the link
            </Button>
          </Group>
        </Alert>
      </Container>
    );
  }
}
