import { Alert, Container, Divider, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answerOf, api } from '../../api/client';
import { Failure } from '../../components/failure';
import icon from '../../icon.svg';
import { useTitle } from '../../lib/use-title';
import { AskForLink } from './ask-for-link';
import { UseLink } from './use-link';
import { UseProvider } from './use-provider';
import { useToken } from './use-token';

export function SignInPage() {
  useTitle('Sign in');
  const options = useQuery({
    queryKey: ['sign-in'],
    queryFn: () => answerOf(api.GET('/v1/sign-in')),
  });
  const [token, setToken] = useToken();
  return (
    <Container component="main" size={440} py={72}>
      <Stack className="card" p="xl" gap="lg">
        <span className="brand">
          <img src={icon} alt="" /> Keyfence
        </span>
        <Title order={1} size="h2">
          Sign in
        </Title>
        {options.error && <Failure error={options.error} retry={() => void options.refetch()} />}
        {options.data?.obstacle && <Alert color="orange">{options.data.obstacle}</Alert>}
        {options.data?.obstacle === null &&
          (token === undefined ? (
            <Ways {...options.data} />
          ) : (
            <UseLink
              token={token}
              giveUp={() => {
                setToken(undefined);
              }}
            />
          ))}
      </Stack>
    </Container>
  );
}

/** An account at the provider first, where there is one. */
function Ways({ mail, provider }: { mail: boolean; provider: string | null }) {
  if (provider === null) return <AskForLink canMail={mail} />;
  return (
    <>
      <UseProvider name={provider} />
      {mail && (
        <>
          <Divider label="or" />
          <AskForLink canMail />
        </>
      )}
    </>
  );
}
