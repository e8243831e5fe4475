/** While the script of an open lesson is loaded nobody knows what it covers: until then all of the view is covered. */
import { useLayoutEffect } from 'react';
import { useFlags } from '../../state/page/flags';
import { useLesson } from '../../state/page/lesson';

export function LessonToCome() {
  const presenting = useLesson(({ open }) => open?.presenting ?? false);
  // Before anything is painted; where the script cannot be loaded this is taken away, and the view is seen.
  useLayoutEffect(() => {
    useFlags.setState({ wanted: { parts: [], alone: presenting, covers: 'view' } });
    return () => useFlags.setState({ wanted: null });
  }, [presenting]);
  return null;
}
