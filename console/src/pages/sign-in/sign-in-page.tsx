import { Alert, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { signInQuery } from '../../api/session';
import { Brand } from '../../components/brand';
import { Failure } from '../../components/failure';
import { useTitle } from '../../lib/use-title';
import { AskForLink } from './ask-for-link';
import { UseLink } from './use-link';
import { UseProvider } from './use-provider';
import { useToken } from './use-token';

export function SignInPage() {
  useTitle('Sign in');
  const options = useQuery(signInQuery);
  const [token, setToken] = useToken();
  return (
    <main className="sign-in">
      <Stack className="card" p="xl" gap="lg">
        <span className="brand">
          <Brand />
        </span>
        <h1>Sign in</h1>
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
    </main>
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
          <p className="or">or</p>
          <AskForLink canMail />
        </>
      )}
    </>
  );
}
