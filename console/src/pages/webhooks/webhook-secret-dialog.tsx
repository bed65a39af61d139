import { Anchor, Text } from '@mantine/core';
import { RevealDialog } from '../../components/reveal-dialog';

/** The one time that what a webhook's messages are signed with is seen. */
export function WebhookSecretDialog(props: { secret: string | undefined; close: () => void }) {
  return (
    <RevealDialog
      {...props}
      title="The secret of the webhook"
      copy="Copy the secret"
      text={
        <Text>
          The receiver checks with it that messages come from here: they are signed after{' '}
          <Anchor href="https://www.standardwebhooks.com" rel="noreferrer">
            Standard Webhooks
          </Anchor>
          . It is shown this once.
        </Text>
      }
      lost={{
        title: 'It was made, but the secret is lost',
        text: 'The answer that had the secret did not arrive, and it is shown once only.',
        consent: 'I will set a new secret',
      }}
    />
  );
}
