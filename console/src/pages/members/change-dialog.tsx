import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { putMember, type Member } from '../../api/members';
import { toast } from '../../lib/toasts';
import { FormDialog } from '../../components/dialog';
import { StandingFields } from './standing-fields';

/** Sets what a member is. Their keys follow at once. */
export function ChangeDialog({ member, close }: { member: Member; close: () => void }) {
  const client = useQueryClient();
  const { orgId, userId, name } = member;
  const [standing, setStanding] = useState({ role: member.role, grants: member.grants });
  const change = useMutation({
    mutationFn: () => putMember(orgId, userId, standing),
    onSuccess: async () => {
      // It may be one's own standing.
      await client.invalidateQueries();
      toast(`The access of ${name} is saved`);
      close();
    },
  });
  return (
    <FormDialog title={`Change ${name}`} submit="Save" close={close} task={change}>
      <StandingFields orgId={orgId} standing={standing} change={setStanding} />
    </FormDialog>
  );
}
