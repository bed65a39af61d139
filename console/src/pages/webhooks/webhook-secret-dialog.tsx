import { Anchor, Text } from '@mantine/core';
import { RevealDialog } from '../../components/reveal-dialog';
import type { Secret } from '../../lib/secret';

/** The one time that what a webhook's messages are signed with is seen. */
export function WebhookSecretDialog(props: { secret: Secret | undefined; close: () => void }) {
  return (
    <RevealDialog
      {...props}
      title="The secret of the webhook"
      copy="Copy the secret"
      text={
        <Text>
          The receiver checks with it that messages come from Keyfence. They are signed as in{' '}
          <Anchor href="https://www.standardwebhooks.com" rel="noreferrer">
            Standard Webhooks
          </Anchor>
          . It is shown only once.
        </Text>
      }
      lost={{
        title: 'The secret was set, but it is lost',
        text: 'The response with the secret did not arrive, and the secret is shown only once.',
        consent: 'I will set a new secret',
      }}
    />
  );
}
