import { Alert, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { createSignInLink, type Member } from '../../api/members';
import { signInQuery, useOperator } from '../../api/session';
import { Copy } from '../../components/copy';
import { Dialog, FormDialog } from '../../components/dialog';
import type { Secret } from '../../lib/secret';
import { useForgetting } from '../../lib/use-forgetting';
import { useSecretText } from '../../lib/use-secret-text';

interface Props {
  member: Member;
  close: () => void;
}

/** What happens next, where no mail can tell the person: says so, and lets operators make a link. */
export function SignInLinkDialog({ member, close }: Props) {
  const { name, email } = member;
  const canMake = useOperator()?.permissions.includes('users:admin') ?? false;
  const provider = useQuery(signInQuery).data?.provider ?? null;
  const link = useMutation({ gcTime: 0, mutationFn: () => createSignInLink(member.userId) });
  if (link.data) return <LinkDialog member={member} link={link.data} close={close} />;
  if (!canMake) {
    return (
      <Dialog title={`How ${name} signs in`} close={close}>
        <Text>
          No mail server is configured, so no invitation was sent.{' '}
          {provider === null
            ? `Ask your operator to give ${name} a sign-in link. Operators find it here, beside the name.`
            : `Tell ${name} to sign in here with ${provider}, as ${email ?? name}.`}
        </Text>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={`How ${name} signs in`}
      submit="Create sign-in link"
      close={close}
      task={link}
    >
      <Text>
        Create a sign-in link and pass it on to {email}. Anyone who has it signs in as {name}. It
        works once, within 15 minutes, and the audit log records that you created it.
      </Text>
    </FormDialog>
  );
}

/** The one time that the link is seen. */
function LinkDialog({ member, link, close }: Props & { link: Secret }) {
  const textOf = useCallback(() => link.text, [link]);
  useForgetting(link);
  return (
    <Dialog title={`A sign-in link for ${member.name}`} close={close} size="lg">
      <Alert color="gray" mb="md">
        Send it to nobody but {member.email}. It works once, within 15 minutes.
      </Alert>
      <div className="secret" ref={useSecretText(textOf)} />
      <Group mt="md">
        <Copy text={textOf} label="Copy sign-in link" isPrimary />
      </Group>
    </Dialog>
  );
}
