import { queryOptions } from '@tanstack/react-query';
import { answerOf, api, type components } from './client';

/** Settings of the whole installation, for operators. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => answerOf(api.GET('/v1/installation')),
});

export const changeInstallation = (body: components['schemas']['ChangeInstallation']) =>
  answerOf(api.PATCH('/v1/installation', { body }));
