import { Text } from '@mantine/core';
import { FullPage } from '../components/full-page';

export function NoOrganisation() {
  return (
    <FullPage title="You are not in an organisation yet">
      <Text>API keys belong to organisations. A manager can add you by your e-mail address.</Text>
    </FullPage>
  );
}
