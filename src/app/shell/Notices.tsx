/** What went wrong, what was kept, what to do; and news that ask for nothing. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { DEFAULT_SUBJECT } from '../../state/address/link';
import { openSubject, reopen } from '../../state/drivers/session';
import { useLab } from '../../state/page/lab';
import { useOffline } from '../../state/page/offline';
import { showView } from '../../state/page/view';
import { Notice } from '../parts/Notice';

export function Notices() {
  const trouble = useLab(({ trouble }) => trouble);
  const preference = useLab(({ preference }) => preference);
  const subject = useLab(({ subject }) => subject);
  const isOther = JSON.stringify(subject) !== JSON.stringify(DEFAULT_SUBJECT);
  const notice = useLab(({ notice }) => notice);
  const refusal = useLab(({ refusal }) => refusal);
  return (
    <>
      {trouble && (
        <Alert color="red" title="The lab could not be opened" role="alert" mb="md">
          <Text size="sm">{trouble.message}</Text>
          {trouble.detail && <Text className="caption">Details: {trouble.detail}</Text>}
          <Group mt="sm">
            <Button color="red" size="sm" onClick={() => reopen()}>
              Retry
            </Button>
            {subject.kind === 'run' && (
              <Button variant="default" size="sm" onClick={() => showView('train')}>
                Train it here
              </Button>
            )}
            {isOther && (
              <Button variant="default" size="sm" onClick={() => openSubject(DEFAULT_SUBJECT)}>
                Open the networks of this page
              </Button>
            )}
            {preference !== 'auto' && (
              <Button variant="default" size="sm" onClick={() => reopen('auto')}>
                Choose the engine automatically
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {refusal && (
        <Notice kind="trouble" mb="md" onDismiss={() => useLab.setState({ refusal: null })}>
          {refusal}
        </Notice>
      )}
      {notice && !trouble && (
        <Notice kind="notice" mb="md" onDismiss={() => useLab.setState({ notice: null })}>
          {notice}
        </Notice>
      )}
      <NewVersion />
    </>
  );
}

/** A page with work in it is never replaced by itself. */
function NewVersion() {
  const isOutdated = useOffline(({ isOutdated }) => isOutdated);
  if (!isOutdated) return null;
  return (
    <Alert
      role="status"
      mb="md"
      withCloseButton
      closeButtonLabel="Not now"
      onClose={() => useOffline.setState({ isOutdated: false })}
    >
      <Text size="sm">
        A new version of this page is here: reload when it suits you. What is kept in this browser stays, and
        a run goes on from its last finished epoch.
      </Text>
      <Button mt="xs" size="xs" variant="default" onClick={() => location.reload()}>
        Reload
      </Button>
    </Alert>
  );
}
