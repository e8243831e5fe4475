/** While the script of an open lesson is loaded nobody knows what it covers: until then all of the view is covered. */
import { Alert, Button, Container } from '@mantine/core';
import { useEffect, useLayoutEffect, useState } from 'react';
import { useFlags } from '../../state/page/flags';
import { closeLesson, useLesson } from '../../state/page/lesson';

/** So long may the view be covered without a word, in milliseconds. */
const LONG = 4000;

export function LessonToCome() {
  const presenting = useLesson(({ open }) => open?.presenting ?? false);
  const [isLong, setLong] = useState(false);
  // Before anything is painted; where the script cannot be loaded this is taken away, and the view is seen.
  useLayoutEffect(() => {
    useFlags.setState({ wanted: { parts: [], alone: presenting, covers: 'view' } });
    return () => useFlags.setState({ wanted: null });
  }, [presenting]);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <Container size={1240} px={{ base: 12, sm: 24 }} pt="md">
      <Alert role="status" title="The lesson is still on its way">
        Its script has not come yet; the connection may be slow. The page stays covered until then, so that no
        answer stands beside its question.
        <br />
        <Button size="sm" mt="sm" variant="default" onClick={goOn}>
          Go on without the lesson
        </Button>
      </Alert>
    </Container>
  );
}

function goOn(): void {
  closeLesson();
  document.getElementById('main')?.focus();
}
