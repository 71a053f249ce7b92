import type { Route } from '../route.ts';

/** Groups of people who are told of failures. */
export const notificationRoutes: readonly Route[] = [
  { method: 'get', path: '/notifications', summary: 'Groups, and messages that could not be sent', answer: { summary: 'The state', schema: 'NotificationState' }, handle: ({ runner }) => runner.notifications.state() },
  {
    method: 'post', path: '/notifications/{group}/test', summary: 'Sends a message to a group at once', answer: { summary: 'What each channel said', schema: 'NotificationTest' }, also: { 422: 'There is no such group.' },
    handle: ({ runner, path }) => runner.notifications.test(path.group!),
  },
];
