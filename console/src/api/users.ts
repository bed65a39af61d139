import { queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client';

/** The account of somebody, for operators. */
export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId],
    queryFn: () => answerOf(api.GET('/v1/users/{userId}', { params: { path: { userId } } })),
    staleTime: 0,
  });

/** What stops working when a user is deactivated. */
export const userKeysQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'keys'],
    queryFn: () => answerOf(api.GET('/v1/users/{userId}/keys', { params: { path: { userId } } })),
    staleTime: 0,
  });

export const deactivateUser = (userId: string) =>
  answerOf(api.POST('/v1/users/{userId}/deactivate', { params: { path: { userId } } }));

export const reactivateUser = (userId: string) =>
  answerOf(api.POST('/v1/users/{userId}/reactivate', { params: { path: { userId } } }));
