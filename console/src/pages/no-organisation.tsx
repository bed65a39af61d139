import { Container, Text, Title } from '@mantine/core';
import { useTitle } from '../lib/use-title';

export function NoOrganisation() {
  useTitle('No organisation');
  return (
    <Container size="xs" py={80}>
      <Title order={1} size="h2" mb="sm">
        You are in no organisation yet
      </Title>
      <Text>
        API keys belong to organisations. A manager of yours can add you by your e-mail address.
      </Text>
    </Container>
  );
}
