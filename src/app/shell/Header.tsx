/** Name, what this is, what data is on the page, the privacy promise, the engine. */
import {
  ActionIcon,
  Badge,
  Container,
  Group,
  Text,
  Title,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useIsHidden } from '../../state/page/flags';
import { BackendMenu } from '../parts/BackendMenu';
import { Mark, MoonIcon, SunIcon } from '../parts/icons';
import classes from './Header.module.css';
import { PageMenu } from './PageMenu';
import { useTilesShown } from './tilesShown';
import { ViewTabs } from './ViewTabs';

export function Header() {
  const hidesEngine = useIsHidden('engine');
  const hidesViews = useIsHidden('views');
  return (
    <header className={classes.header}>
      <button type="button" className={classes.skip} onClick={skip}>
        To the experiment
      </button>
      <Container size={1240} px={{ base: 12, sm: 24 }} className={classes.row}>
        <div className={classes.mark}>
          <Mark />
        </div>
        <Title order={1} className={classes.name}>
          Orbit Lab
        </Title>
        <Text className={`caption ${classes.tagline}`}>
          Prune a rotation-equivariant network and watch what happens.
        </Text>
        <Group gap={8} wrap="nowrap" className={classes.tools}>
          {!hidesEngine && <BackendMenu />}
          <SchemeToggle />
          <PageMenu />
        </Group>
        {!hidesViews && (
          <div className={classes.views}>
            <ViewTabs />
          </div>
        )}
        <div className={classes.facts}>
          <Dataset />
          <Text className="caption">Your tiles never leave this computer.</Text>
        </div>
      </Container>
    </header>
  );
}

/** Focus moves past the header; the address, which carries the experiment, stays as it is. */
function skip(): void {
  document.getElementById('main')?.focus();
}

/** Which tiles the view is about; comes when the lab is open, placed so that nothing else moves then. */
function Dataset() {
  const tiles = useTilesShown();
  if (!tiles) return null;
  return (
    <>
      <Text className={`caption ${classes.dataset}`}>{tiles.title}</Text>
      {tiles.synthetic && (
        <Badge variant="outline" color="orange" tt="none" fw={600} className={classes.synthetic}>
          synthetic data
        </Badge>
      )}
    </>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size={36}
      aria-label={`Use the ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </ActionIcon>
  );
}
