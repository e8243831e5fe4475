/**
 * Around what may fail by itself: a view that throws, or whose script or styles could not be loaded, becomes a sentence,
 * and everything around it stays as it is. `Load again` tries once more where it is; where that fails too, it loads the
 * page anew without what the link asked for.
 */
import { Alert, Button, Group, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { messageOf } from '../../lab/errors';
import { addressHere } from '../../state/address/address';
import { resetPage } from '../../state/drivers/session';
import { showView, VIEW_NAMES, type View } from '../../state/page/view';
import { unlessDeleted } from '../../state/words/library';
import { tryAgain } from '../parts/lazyView';

interface Props {
  /** What it is a part of; another one begins anew. */
  readonly view: View;
  /** What could not be drawn, such as "The view Paper". */
  readonly what: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: unknown;
  readonly failures: number;
  readonly view: View;
}

export class ViewBoundary extends Component<Props, State> {
  override state: State = { error: null, failures: 0, view: this.props.view };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error ?? new Error('for no reason that it told') };
  }

  static getDerivedStateFromProps({ view }: Props, state: State): Partial<State> | null {
    return view === state.view ? null : { error: null, failures: 0, view };
  }

  override componentDidCatch(): void {
    this.setState(({ failures }) => ({ failures: failures + 1 }));
  }

  override componentDidUpdate({ view }: Props): void {
    if (view !== this.props.view) tryAgain();
  }

  private readonly again = (): void => {
    tryAgain();
    if (this.state.failures <= 1) {
      this.setState({ error: null });
      return;
    }
    resetPage();
    showView(this.props.view);
    addressHere();
    location.reload();
  };

  override render(): ReactNode {
    const { error, failures } = this.state;
    const { view, what, children } = this.props;
    if (error === null) return children;
    return (
      <Alert color="red" title={`${what} could not be drawn`} role="alert" my="md">
        <Text size="sm" mb="sm">
          The rest of the page is as it was. {unlessDeleted('What is kept in this browser stays.')}
          {failures > 1 && ' Loaded once more, it begins without what the link asked for.'}
        </Text>
        <Text size="sm" mb="md">
          {messageOf(error)}
        </Text>
        <Group gap={8}>
          <Button color="red" size="sm" onClick={this.again}>
            Load again
          </Button>
          {view !== 'prune' && (
            <Button variant="default" size="sm" onClick={() => showView('prune')}>
              Go to {VIEW_NAMES.prune}
            </Button>
          )}
        </Group>
      </Alert>
    );
  }
}
