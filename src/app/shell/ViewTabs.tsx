/** The way between the views: links, so that they can be opened, copied and walked back. */
import { showView, useView, VIEW_NAMES, VIEWS } from '../../state/page/view';
import classes from './ViewTabs.module.css';

export function ViewTabs() {
  const view = useView(({ view }) => view);
  return (
    <nav className={classes.tabs} aria-label="Views">
      {VIEWS.map((each) => (
        <a
          key={each}
          href={`#view=${each}`}
          className={classes.tab}
          aria-current={each === view ? 'page' : undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            showView(each);
          }}
        >
          {VIEW_NAMES[each]}
        </a>
      ))}
    </nav>
  );
}
