/** The shell: header, what went wrong if anything did, and the view. */
import { Container } from '@mantine/core';
import { useDeferredValue } from 'react';
import { useLab } from '../stores/lab';
import { useStudy } from '../stores/study';
import { Header } from './Header';
import { Notices } from './Notices';
import { Opening } from './Opening';
import { PruneView } from './prune/PruneView';

export function App() {
  // Deferred: drawing the view for the first time is work that may be interrupted.
  const hasStudy = useDeferredValue(useStudy(({ equivariant }) => equivariant !== null));
  const failed = useLab(({ status }) => status === 'failed');
  return (
    <>
      <Header />
      <Container component="main" size={1240} px={{ base: 12, sm: 24 }} pb={48}>
        <Notices />
        {hasStudy ? <PruneView /> : !failed && <Opening />}
      </Container>
    </>
  );
}
