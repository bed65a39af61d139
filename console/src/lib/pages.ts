import type { Icon } from '@tabler/icons-react';
import IconBuilding from '@tabler/icons-react/icons/IconBuilding';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconKey from '@tabler/icons-react/icons/IconKey';
import IconLayoutDashboard from '@tabler/icons-react/icons/IconLayoutDashboard';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import IconWebhook from '@tabler/icons-react/icons/IconWebhook';
import type { Standing } from '../api/client';

interface Page {
  to: `/$orgId/configuration/${string}`;
  name: string;
  icon: Icon;
  /** Without it the page is not theirs to see. */
  permission: string;
}

/** The pages of an organisation. */
const pages = [
  {
    to: '/$orgId/configuration/overview',
    name: 'Overview',
    icon: IconLayoutDashboard,
    permission: 'keys:read',
  },
  {
    to: '/$orgId/configuration/api-keys',
    name: 'API Keys',
    icon: IconKey,
    permission: 'keys:read',
  },
  {
    to: '/$orgId/configuration/members',
    name: 'Users & Permissions',
    icon: IconUsers,
    permission: 'members:read',
  },
  {
    to: '/$orgId/configuration/webhooks',
    name: 'Webhooks',
    icon: IconWebhook,
    permission: 'webhooks:read',
  },
  {
    to: '/$orgId/configuration/audit',
    name: 'Audit log',
    icon: IconHistory,
    permission: 'audit:read',
  },
  {
    to: '/$orgId/configuration/organisation',
    name: 'Organisation',
    icon: IconBuilding,
    permission: 'org:read',
  },
] as const satisfies Page[];

/** Those that somebody may open. */
export const pagesOf = (standing: Standing | null | undefined) =>
  pages.filter(({ permission }) => standing?.permissions.includes(permission) ?? false);
