// Made from /openapi.json by: npm run api:types

export interface paths {
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this description in a browser
         * @description Open to everybody.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a script, style or image of that page
         * @description Open to everybody.
         */
        get: operations["getDocsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See whether the process runs
         * @description Open to everybody.
         */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get metrics for Prometheus
         * @description Open to everybody.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Describe this interface
         * @description This document. `/docs` shows it to people.
         *
         *     Open to everybody.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See whether requests can be served
         * @description Asks the database.
         *
         *     Open to everybody.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description Mail and webhooks of all organisations, the newest first.
         *
         *     Needs the permission `orgs:read` (see all organisations).
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a failed delivery
         * @description It is sent within seconds. A delivery that has not failed stays as it is.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each).
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/installation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the settings of the installation
         * @description Needs the permission `orgs:read` (see all organisations).
         */
        get: operations["getInstallation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the settings of the installation
         * @description Fields that are left out stay as they are; so do existing keys.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each).
         */
        patch: operations["changeInstallation"];
        trace?: never;
    };
    "/v1/installation/appearance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the console presents itself
         * @description Open to everybody.
         */
        get: operations["getAppearance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/installation/data-permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the data permissions mean
         * @description For the console, with its session.
         */
        get: operations["listDataPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See which jobs wait, and which have failed
         * @description Mails and messages of webhooks that have failed are among the deliveries: their jobs are only errands.
         *
         *     Needs the permission `orgs:read` (see all organisations).
         */
        get: operations["getJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{jobKind}/{jobId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a failed job
         * @description The response shows the job as it was.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each).
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List organisations
         * @description Needs the permission `orgs:read` (see all organisations).
         */
        get: operations["listOrgs"];
        put?: never;
        /**
         * Create an organisation
         * @description Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each).
         */
        post: operations["createOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an organisation
         * @description Needs the permission `org:read` (see the organisation and its key policy) in the organisation.
         */
        get: operations["getOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Rename an organisation
         * @description Needs the permission `org:admin` (change the name and the key policy of the organisation) in the organisation.
         */
        patch: operations["renameOrg"];
        trace?: never;
    };
    "/v1/orgs/{orgId}/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened, newest first
         * @description The filters are combined with AND.
         *
         *     Needs the permission `audit:read` (read the audit log) in the organisation.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/audit-events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export what happened, newest first, as JSON lines
         * @description An export that fails ends with a broken connection.
         *
         *     Needs the permission `audit:read` (read the audit log) in the organisation.
         */
        get: operations["exportAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/bounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set how many live keys an organisation may have
         * @description Existing keys stay, even beyond the bounds; then no more can be created.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each) in the organisation.
         */
        put: operations["setBounds"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set what an organisation may do
         * @description Keys follow at once. The resources `credits`, `limits`, `leaks` and `portal` are reserved: an organisation with a grant on them may retain it, and no other gets one.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each) in the organisation.
         */
        put: operations["setOrgGrants"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List keys
         * @description Members see their own, managers all. The filters are combined with AND.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description Members create keys for themselves, managers for every member. A key holds no more than its creator, and ends no later than the key that creates it: an expiry that is left out, or beyond it by less than 24 hours, is cut. The secret is in this response and never shown again.
         *
         *     Needs the permission `keys:admin` (create keys) in the organisation.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export keys as CSV, newest first
         * @description The filters are those of the list. An export has fewer than 100,000 keys: more are a 400. Texts that a spreadsheet would take for a formula begin with an apostrophe. An export that fails ends with a broken connection.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["exportKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a key
         * @description Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke a key permanently
         * @description When this has returned, no node accepts the key any more. Revoking it again changes nothing. The reason can be in the body or in the query; that in the body counts.
         *
         *     Needs the permission `keys:write` (rename, restrict and revoke keys) in the organisation.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        /**
         * Rename, describe, tag or restrict a key
         * @description Nothing can be widened. A lower scope removes the permissions that it does not cover from the list.
         *
         *     Needs the permission `keys:write` (rename, restrict and revoke keys) in the organisation.
         */
        patch: operations["changeKey"];
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys/{keyId}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how often a key was used, day by day
         * @description A use is a request for which the key was valid: a call with it, or a call that asks about it. At most 366 days.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["getKeyUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke up to 500 keys permanently
         * @description When this has returned, no node accepts any of the keys. They are revoked in several steps. If one fails, so does the call, those before it remain, and the same call again does the rest. Each key has a row in the audit log.
         *
         *     Needs the permission `keys:write` (rename, restrict and revoke keys) in the organisation.
         */
        post: operations["revokeKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/keys/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count keys by state and use
         * @description Of members their own keys, of managers all.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["summariseKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description Needs the permission `members:read` (see members and service accounts) in the organisation.
         */
        get: operations["listMembers"];
        put?: never;
        /**
         * Add a person by their e-mail address
         * @description The response is the same whether or not the address was known before. Nobody gives a role or a grant that they do not hold.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        post: operations["addMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/members/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a member
         * @description Needs the permission `members:read` (see members and service accounts) in the organisation.
         */
        get: operations["getMember"];
        /**
         * Set the role and the grants of a member
         * @description For operators it also makes a member of a user. Nobody gives a role or a grant that they do not hold; grants that the member has already can be sent again. Managers are made and demoted only by those who hold everything that a manager does.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        put: operations["putMember"];
        post?: never;
        /**
         * Remove a member, and revoke their keys
         * @description All their keys are revoked by this one change. If there are more than 50, the audit log records each some time later; until then the same person cannot be added again. Managers are removed only by those who hold everything that a manager does.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        delete: operations["removeMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/members/{userId}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mail an invitation again
         * @description To a person who has not opened the organisation in the console yet. Adding a person mails the first one. At most one a minute goes to a person; in a day 10 from all organisations, and 500 from one organisation to everybody.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        post: operations["inviteMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/members/{userId}/keys/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how many keys of a member are still to be revoked
         * @description A key that has asked for the end of all keys of its owner comes last, and is refused with 401 then. A member who is removed meanwhile is a 404: none of their keys works any more.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["getMemberKeysRevocation"];
        put?: never;
        /**
         * Revoke all keys of a member permanently
         * @description The member stays. Up to 50 keys are revoked by the call itself: when it has returned, no node accepts them any more. The others still work then: they are `remaining`. A job revokes them one after the other, and once `GET` on this path says that 0 remain, no node accepts any of them. Keys that are created after the call stay. The same call again includes them, and what is left is recorded as revoked by it. The key of the caller comes last, if it is one of them. Each key has a row in the audit log. Members can only do this to themselves.
         *
         *     Needs the permission `keys:write` (rename, restrict and revoke keys) in the organisation.
         */
        post: operations["revokeMemberKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the policy for new keys
         * @description Needs the permission `org:read` (see the organisation and its key policy) in the organisation.
         */
        get: operations["getPolicy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the policy for new keys
         * @description Fields that are left out stay as they are; so do existing keys.
         *
         *     Needs the permission `org:admin` (change the name and the key policy of the organisation) in the organisation.
         */
        patch: operations["changePolicy"];
        trace?: never;
    };
    "/v1/orgs/{orgId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume an organisation
         * @description Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each) in the organisation.
         */
        post: operations["resumeOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a service account
         * @description Its keys outlive the person who made them. Nobody gives a role or a grant that they do not hold.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        post: operations["addServiceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend an organisation
         * @description None of its keys is valid until it is resumed.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each) in the organisation.
         */
        post: operations["suspendOrg"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description Needs the permission `webhooks:read` (see webhooks and their delivery logs) in the organisation.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Events are sent by POST, signed after the Standard Webhooks specification, and again with growing pauses for more than a day until the response is 2xx. They can come twice, and in any order: `webhook-id` identifies them. It takes the permissions to read what the events contain: `keys:read`, `members:read`, `org:read`, and for all events those of a manager.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description Needs the permission `webhooks:read` (see webhooks and their delivery logs) in the organisation.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook
         * @description Waiting deliveries are not sent any more.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /**
         * Change the URL or the events of a webhook
         * @description Waiting deliveries go to the new URL. It takes the permissions to read the old events and the new ones.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the delivery log of a webhook
         * @description The newest first. `?state=failed` are those without further attempts. It takes the permissions to read the events that the webhook receives.
         *
         *     Needs the permission `webhooks:read` (see webhooks and their delivery logs) in the organisation.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks/{webhookId}/deliveries/{deliveryId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a failed delivery
         * @description A delivery that has not failed stays as it is.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        post: operations["retryWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks/{webhookId}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description Within seconds, an event of type `ping`, at most one a second. Its delivery shows the result.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        post: operations["pingWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{orgId}/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new secret
         * @description For 24 hours messages carry signatures with both, the new and the previous one. It takes the permissions to read the events that the webhook receives.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a leaked key by its secret
         * @description The response is the same whether or not there was such a key.
         *
         *     Open to everybody.
         */
        post: operations["reportKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in, and what they may do where
         * @description For the console, with its session.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign in with a link
         * @description Open to everybody.
         */
        post: operations["signIn"];
        /**
         * Sign out
         * @description For the console, with its session.
         */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with what the identity provider has returned
         * @description An account at the provider belongs to the user with the address that the provider had verified at the first sign-in, permanently.
         *
         *     Open to everybody.
         */
        post: operations["finishProviderSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your sessions
         * @description For the console, with its session.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * Sign out everywhere
         * @description For the console, with its session.
         */
        delete: operations["signOutEverywhere"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description For the console, with its session.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How people can sign in
         * @description Open to everybody.
         */
        get: operations["getSignInOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have a sign-in link mailed
         * @description The response is the same whether or not anybody has the address. At most one mail a minute, and three in a quarter of an hour, go to an address: beyond that none is sent, and the response is the same.
         *
         *     Open to everybody.
         */
        post: operations["requestSignInLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in/provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in at the identity provider
         * @description Open to everybody.
         */
        post: operations["beginProviderSignIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Needs the permission `users:read` (see all users).
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a person
         * @description Needs the permission `users:admin` (create and deactivate users).
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a user
         * @description Needs the permission `users:read` (see all users).
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the name or the e-mail address of a user
         * @description With another address, all sessions and sign-in links of the user end. Accounts at an identity provider that are bound to the user stay bound. Another address takes an operator whom nothing restricts: who chooses it can sign in as that person.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        patch: operations["changeUser"];
        trace?: never;
    };
    "/v1/users/{userId}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivate a user
         * @description None of their keys is valid, in any organisation, until they are reactivated. Nobody deactivates themselves, and one operator must stay active. Organisations that are left without a manager are named.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        post: operations["deactivateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/identities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts of a user at identity providers
         * @description Needs the permission `users:read` (see all users).
         */
        get: operations["listIdentities"];
        put?: never;
        post?: never;
        /**
         * Take all accounts at identity providers from a user
         * @description All sessions of the user end. The account is barred: it is not bound to this user again until that is allowed.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        delete: operations["unbindIdentities"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/identities/{identityId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an account at an identity provider from a user
         * @description All sessions of the user end. The account is barred: it is not bound to this user again until that is allowed.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        delete: operations["unbindIdentity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/identities/{identityId}/allow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a barred account be bound to the user again
         * @description It is removed, and bound at its next sign-in like a new one.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        post: operations["allowIdentity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stops working when a user is deactivated
         * @description The active keys of the user, in all organisations.
         *
         *     Needs the permission `orgs:admin` (create, suspend and resume organisations, set their grants, and act as manager in each).
         */
        get: operations["listUserKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/reactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reactivate a user
         * @description Needs the permission `users:admin` (create and deactivate users).
         */
        post: operations["reactivateUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{userId}/sign-in-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a sign-in link of a person
         * @description For an operator to pass on, where no mail server is set up. Anyone who has the link signs in as that person: it works once, within 15 minutes, and the audit log records who asked for it. It takes an operator whom nothing restricts.
         *
         *     Needs the permission `users:admin` (create and deactivate users).
         */
        post: operations["createSignInLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether a key is valid
         * @description The status is 200 even if it is not. Without the permission `verify:read` all keys of other organisations are `INVALID`.
         *
         *     Needs a valid API key.
         */
        post: operations["verifyKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether keys are valid, up to 500 at once
         * @description The results are in the order of the questions, and from one state. Whatever clients have sent as keys, addresses and User-Agents, the call is valid: such a question has the result `INVALID`. Without the permission `verify:read` all keys of other organisations are `INVALID`. With it, hold refusals back until 5 ms after the call was sent: the time of a response could show whether an unknown key exists.
         *
         *     Needs a valid API key.
         */
        post: operations["verifyKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what your own key is, and what it may do
         * @description Needs a valid API key.
         */
        get: operations["whoami"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddMember: {
            /** Format: email */
            email: string;
            /** @description A subset of the organisation's grants, or null for all of them, now and later. Left out it is null for a caller without restrictions, otherwise those that the caller holds. */
            grants?: string[] | null;
            /** @description Shown in this organisation until the person has signed in to it. */
            name: string;
            /** @enum {string} */
            role: "manager" | "member";
        };
        AddServiceAccount: {
            /** @description A subset of the organisation's grants, or null for all of them, now and later. Left out it is null for a caller without restrictions, otherwise those that the caller holds. */
            grants?: string[] | null;
            name: string;
            /**
             * @default member
             * @enum {string}
             */
            role: "manager" | "member";
        };
        Appearance: {
            /** @description A square image of at most 30 kB: PNG, WebP or SVG as a data URL (RFC 2397) in base64. Null: that of Keyfence. */
            logo: string | null;
            /** @description What the console is called. Null: Keyfence. */
            productName: string | null;
            /** @description Names and meanings of the scopes. Null: the usual ones. */
            scopeTexts: components["schemas"]["ScopeTexts"] | null;
        };
        AuditEvent: {
            /** @enum {string} */
            action: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "org.bounds_changed" | "user.created" | "user.changed" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "user.identity_unbound" | "user.identity_allowed" | "user.link_made" | "session.created" | "session.ended" | "member.added" | "member.invited" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.pinged" | "webhook.removed" | "installation.changed" | "database.restored";
            /** @description Who did it. */
            actor: {
                keyId: string | null;
                /**
                 * @description `system` is the service itself; `console` a user who was signed in there; `secret_holder` somebody who presented only the secret of the key.
                 * @enum {string}
                 */
                kind: "system" | "key" | "console" | "secret_holder";
                orgId: string | null;
                userId: string | null;
            };
            after: Record<string, never> | null;
            /** Format: date-time */
            at: string;
            before: Record<string, never> | null;
            id: string;
            /** @description Null for an operator as actor, unless an operator reads it; the same for `userAgent`. */
            ip: string | null;
            /** @description The `X-Request-Id` of the response. */
            requestId: string | null;
            /** @description What was changed. */
            targetId: string;
            userAgent: string | null;
        };
        Bounds: {
            /** @description Live keys that one member may have. */
            maxKeysPerMember: number;
            /** @description Live keys that all members may have together. */
            maxKeysPerOrg: number;
        };
        ChangeInstallation: {
            /** @description The permissions on the data of the product, each described once, for the forms of the console. Keys and organisations can have others. */
            dataPermissions?: components["schemas"]["DataPermission"][];
            /** @description Whether every node knows data-only keys. False after an upgrade from a release without them: until operators set it, a data-only key also gets a list of what it holds, so that older nodes allow no more. */
            knowsDataOnlyKeys?: boolean;
            /** @description A square image of at most 30 kB: PNG, WebP or SVG as a data URL (RFC 2397) in base64. Null: that of Keyfence. */
            logo?: string | null;
            /** @description What the console is called. Null: Keyfence. */
            productName?: string | null;
            /** @description Names and meanings of the scopes. Null: the usual ones. */
            scopeTexts?: components["schemas"]["ScopeTexts"] | null;
            /** @description The longest lifetime, in days of 24 hours, of a service key: a key of the operator organisation with `verify:read` and nothing else. Null: as the policy of that organisation says. */
            serviceKeyMaxLifetimeDays?: number | null;
            /** @description Whether service keys without an expiry may be created, whatever that policy says. */
            serviceKeysMayNotExpire?: boolean;
        };
        ChangeKey: {
            allowedIps?: string[];
            /** @description What it is for, whom to ask, where it is deployed. Null for none. */
            description?: string | null;
            /** @description An earlier instant or day, in the future. */
            expiresAt?: string;
            /** @description False makes it a data-only key, permanently. */
            management?: boolean;
            name?: string;
            permissions?: string[];
            /** @enum {string} */
            scope?: "read" | "read-write" | "admin";
            /** @description Words to find the key by. The case of letters makes no difference: they are stored in lower case. */
            tags?: string[];
        };
        ChangePolicy: {
            /** @description Whether keys without an expiry may be created. */
            allowNoExpiry?: boolean;
            /** @description The default expiration of a key, in days of 24 hours. */
            defaultExpiryDays?: number;
            /** @description The longest lifetime of a key, in days of 24 hours. */
            maxLifetimeDays?: number;
            /**
             * @description `own`: members create and manage keys of their own. `none`: they only see and revoke them.
             * @enum {string}
             */
            memberKeys?: "own" | "none";
        };
        ChangeUser: {
            /**
             * Format: email
             * @description Only people have one.
             */
            email?: string;
            name?: string;
        };
        ChangeWebhook: {
            /** @description The types of events that are sent; null for all, including future ones. */
            events?: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
            /**
             * Format: uri
             * @description Where events are sent by POST: an `https` URL of a public host.
             */
            url?: string;
        };
        CreateKey: {
            /** @description The only addresses (CIDR) that it works from. */
            allowedIps?: string[];
            /** @description What it is for, whom to ask, where it is deployed. Null for none. */
            description?: string | null;
            /** @description When the key stops working: an instant, or a day until its end in UTC; null for never, if the policy allows that. */
            expiresAt?: (string) | null;
            /** @description Lifetime in days of 24 hours. When no expiry is given: the default of the policy, or the expiry of the key that creates it if that is earlier. Not together with `expiresAt`. */
            expiresInDays?: number;
            /** @description False for a data-only key: it holds no permission on Keyfence itself, such as `keys:read`, whatever its owner may do. True when left out. */
            management?: boolean;
            /** @description The system or workflow that uses the key. It need not be unique. */
            name: string;
            /** @description The owner of the key; by default the caller. */
            ownerId?: string;
            /** @description The only permissions that the key can hold. */
            permissions?: string[];
            /**
             * @description `read` monitors and queries, `read-write` also records, `admin` also configures.
             * @enum {string}
             */
            scope: "read" | "read-write" | "admin";
            /** @description Words to find the key by. The case of letters makes no difference: they are stored in lower case. */
            tags?: string[];
        };
        CreateOrg: {
            /** @default [] */
            grants: string[];
            name: string;
            /** @description Short name for URLs and scripts; unique in the installation. */
            slug: string;
        };
        CreateUser: {
            /** Format: email */
            email: string;
            name: string;
        };
        CreateWebhook: {
            /**
             * @description The types of events that are sent; null for all, including future ones.
             * @default null
             */
            events: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
            /**
             * Format: uri
             * @description Where events are sent by POST: an `https` URL of a public host.
             */
            url: string;
        };
        DataPermission: {
            /** @description A sentence for the people who grant it. */
            description: string;
            permission: string;
        };
        DataPermissions: {
            items: components["schemas"]["DataPermission"][];
        };
        Delivery: {
            attempts: number;
            /** @enum {string} */
            channel: "email" | "webhook";
            /** Format: date-time */
            createdAt: string;
            /** @description The reminder: days before the expiry, 0 for the expiry; null for other deliveries. */
            daysBefore: number | null;
            /** @description The day (UTC) whose digest it is. */
            digestDay: string | null;
            /** @description The event for a webhook; null for mail. */
            eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
            finishedAt: string | null;
            /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
            id: string;
            /** @description The key of a reminder; null for other deliveries. */
            keyId: string | null;
            /** @description Null unless it waits. */
            nextAttemptAt: string | null;
            orgId: string;
            /** @description Why the last attempt failed. */
            reason: string | null;
            /** @description The user who gets the mail, or the webhook. */
            recipientId: string;
            /**
             * @description `superseded`: there was newer news before it was sent; `obsolete`: there was nothing left to send.
             * @enum {string}
             */
            state: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
        };
        FailedJob: {
            attempts: number;
            /** Format: date-time */
            createdAt: string;
            failedAt: string | null;
            id: string;
            /**
             * @description Each kind has a queue of its own.
             * @enum {string}
             */
            kind: "usage" | "sweep" | "removal" | "email" | "webhook" | "sign-in";
            /** @description Why the last attempt failed. */
            reason: string;
        };
        FinishProviderSignIn: {
            code: string;
            iss?: string;
            state: string;
        };
        Health: {
            /** @constant */
            status: "ok";
        };
        Identity: {
            /**
             * Format: date-time
             * @description When it was bound.
             */
            createdAt: string;
            id: string;
            issuer: string;
            /**
             * @description `bound`: it signs the user in. `barred`: it was taken from the user, and is not bound to them again. `allowed`: it may be bound again, like a new one; lists do not show these.
             * @enum {string}
             */
            status: "bound" | "barred" | "allowed";
            /** @description The id of the account at the issuer. */
            subject: string;
        };
        Installation: {
            /** @description The permissions on the data of the product, each described once, for the forms of the console. Keys and organisations can have others. */
            dataPermissions: components["schemas"]["DataPermission"][];
            /** @description Whether every node knows data-only keys. False after an upgrade from a release without them: until operators set it, a data-only key also gets a list of what it holds, so that older nodes allow no more. */
            knowsDataOnlyKeys: boolean;
            /** @description A square image of at most 30 kB: PNG, WebP or SVG as a data URL (RFC 2397) in base64. Null: that of Keyfence. */
            logo: string | null;
            /** @description What the console is called. Null: Keyfence. */
            productName: string | null;
            /** @description Names and meanings of the scopes. Null: the usual ones. */
            scopeTexts: components["schemas"]["ScopeTexts"] | null;
            /** @description The longest lifetime, in days of 24 hours, of a service key: a key of the operator organisation with `verify:read` and nothing else. Null: as the policy of that organisation says. */
            serviceKeyMaxLifetimeDays: number | null;
            /** @description Whether service keys without an expiry may be created, whatever that policy says. */
            serviceKeysMayNotExpire: boolean;
        };
        Jobs: {
            counts: {
                active: number;
                /** @description To be retried, repeated jobs, or jobs for a worker of a later release. */
                delayed: number;
                /** @description All attempts have failed, and somebody should look at them. */
                failed: number;
                /**
                 * @description Each kind has a queue of its own.
                 * @enum {string}
                 */
                kind: "usage" | "sweep" | "removal" | "email" | "webhook" | "sign-in";
                /** @description Ready to run. */
                waiting: number;
            }[];
            /** @description The last 100 of each kind. */
            failed: components["schemas"]["FailedJob"][];
        };
        Key: {
            /** @description CIDR ranges. Null for everywhere. */
            allowedIps: string[] | null;
            /** Format: date-time */
            createdAt: string;
            createdBy: {
                keyId: string | null;
                userId: string | null;
            };
            /** @description Can have several lines. */
            description: string | null;
            /** @description Null never. */
            expiresAt: string | null;
            id: string;
            /** @description Null before the first use. A use is shown some ten seconds later. */
            lastUsedAt: string | null;
            /** @description Where from, if known. */
            lastUsedIp: string | null;
            /** @description With what, if known. */
            lastUsedUserAgent: string | null;
            /** @description False for a data-only key, which holds no permission on Keyfence itself. */
            management: boolean;
            /** @description Enough of the secret to recognise it. */
            masked: string;
            name: string;
            orgId: string;
            ownerId: string;
            /** @description Null once the owner is no longer a member. */
            ownerName: string | null;
            /** @description Null for all that the owner has. */
            permissions: string[] | null;
            revokedAt: string | null;
            /** @description A key without a user is somebody who reported the secret as leaked. */
            revokedBy: {
                keyId: string | null;
                userId: string | null;
            } | null;
            revokeReason: string | null;
            /** @enum {string} */
            scope: "read" | "read-write" | "admin";
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
            /** @description In lower case. */
            tags: string[];
            /** @description How often it was found valid. */
            uses: number;
        };
        KeySummary: {
            /** @description Active keys. 100,000 means that many or more. */
            active: number;
            /** @description Keys that have expired. 100,000 means that many or more. */
            expired: number;
            /** @description Of those active ones that are counted, how many expire within 30 days. */
            expiringSoon: number;
            /** @description How many of them were never used. */
            neverUsed: number;
            /** @description Revoked keys. 100,000 means that many or more. */
            revoked: number;
            /** @description How many of them have not been used for 90 days. Those that were never used count from their creation. */
            unused: number;
        };
        Member: {
            /** Format: date-time */
            createdAt: string;
            /** @description In lower case. Service accounts have none. */
            email: string | null;
            /** @description Null inherits all grants of the organisation. */
            grants: string[] | null;
            /** @enum {string} */
            kind: "person" | "service";
            /** @description The name that the manager gave who added the member. */
            name: string;
            orgId: string;
            /** @description Whether the person has not opened the organisation in the console yet. */
            pending: boolean;
            /** @enum {string} */
            role: "manager" | "member";
            userId: string;
        };
        MemberDetails: {
            /** @description How many valid keys they have. 100,000 means that many or more. */
            activeKeys: number;
            /** Format: date-time */
            createdAt: string;
            /** @description In lower case. Service accounts have none. */
            email: string | null;
            /** @description Null inherits all grants of the organisation. */
            grants: string[] | null;
            /** @description The latest mail that invited the person; null when there is none. */
            invitation: {
                /** Format: date-time */
                createdAt: string;
                /**
                 * @description `sent`: to the mail server; `logged`: there is none; `obsolete`: the person had opened the organisation before the mail was sent.
                 * @enum {string}
                 */
                state: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
            } | null;
            /** @enum {string} */
            kind: "person" | "service";
            /** @description The name that the manager gave who added the member. */
            name: string;
            orgId: string;
            /** @description Whether the person has not opened the organisation in the console yet. */
            pending: boolean;
            /** @enum {string} */
            role: "manager" | "member";
            userId: string;
        };
        MemberKeysRevocation: {
            /** @description How many keys are still to be revoked: 0 when it is over, or none was asked for. 100,000 means that many or more. */
            remaining: number;
        };
        Org: {
            /** Format: date-time */
            createdAt: string;
            grants: string[];
            id: string;
            /**
             * @description There is one operator organisation.
             * @enum {string}
             */
            kind: "operator" | "customer";
            name: string;
            policy: components["schemas"]["Policy"];
            /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
            reservedGrants: string[];
            slug: string;
            /** @enum {string} */
            status: "active" | "suspended";
        };
        OwnSessions: {
            /** @description The 100 that were used last. */
            items: {
                /** Format: date-time */
                createdAt: string;
                /** @description Whether it is the one that asks. */
                current: boolean;
                /**
                 * Format: date-time
                 * @description When it ends without a further request.
                 */
                expiresAt: string;
                id: string;
                /** @description From which address it began; null when that is unknown. */
                ip: string | null;
                /**
                 * Format: date-time
                 * @description To the minute.
                 */
                lastUsedAt: string;
                /** @description What the browser said it was; null when that is unknown. */
                userAgent: string | null;
            }[];
            /** @description How many there are. */
            total: number;
        };
        Policy: {
            /** @description Whether keys without an expiry may be created. */
            allowNoExpiry: boolean;
            /** @description Set by operators; no key is created beyond them. */
            bounds: components["schemas"]["Bounds"];
            /** @description The default expiration of a key, in days of 24 hours. */
            defaultExpiryDays: number;
            /** @description The longest lifetime of a key, in days of 24 hours. */
            maxLifetimeDays: number;
            /**
             * @description `own`: members create and manage keys of their own. `none`: they only see and revoke them.
             * @enum {string}
             */
            memberKeys: "own" | "none";
        };
        Problem: {
            /**
             * @description Stable: programs distinguish refusals by it.
             * @enum {string}
             */
            code: "invalid_request" | "malformed_json" | "ambiguous_credentials" | "key_in_url" | "permission_outside_scope" | "nothing_to_grant" | "expiry_not_allowed" | "not_in_grants" | "target_not_allowed" | "sign_in_link_invalid" | "identity_not_confirmed" | "unauthenticated" | "insufficient_permission" | "ip_not_allowed" | "cross_site" | "identity_unknown" | "exceeds_issuer" | "not_found" | "method_not_allowed" | "request_timeout" | "slug_taken" | "email_taken" | "already_member" | "removal_under_way" | "last_manager" | "self_deactivation" | "key_not_active" | "org_suspended" | "owner_inactive" | "too_many_keys" | "too_many_webhooks" | "mail_not_set_up" | "sign_in_links_closed" | "no_mail_server" | "not_pending" | "no_identity_provider" | "idempotency_in_progress" | "operator_organisation" | "foreign_service_account" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "idempotency_mismatch" | "not_narrower" | "too_many_failures" | "too_many_invitations" | "too_many_requests" | "headers_too_large" | "internal" | "unavailable" | "busy" | "outcome_unknown";
            /** @description What is special about this occurrence. */
            detail?: string;
            /** @description What is wrong with which field. */
            errors?: {
                message: string;
                path: string;
            }[];
            /** @description Names of managers who can help. */
            managers?: string[];
            /** @description The permission that the key lacks. */
            permission?: string | null;
            /** @description Seconds, as in the header. */
            retryAfter?: number;
            status: number;
            /** @description Always the same for a code. */
            title: string;
            type: string;
        };
        ProviderSignIn: {
            /**
             * Format: uri
             * @description Where people sign in.
             */
            url: string;
        };
        PutMember: {
            /** @description A subset of the organisation's grants, or null for all of them, now and later. */
            grants: string[] | null;
            /** @enum {string} */
            role: "manager" | "member";
        };
        RenameOrg: {
            name: string;
        };
        Reported: {
            /** @constant */
            valid: false;
        };
        ReportKey: {
            /** @description The secret that leaked, whole. */
            key: string;
        };
        RequestSignInLink: {
            /** Format: email */
            email: string;
        };
        RevokeKey: {
            /** @description The reason, for the audit log. */
            reason?: string;
        };
        RevokeKeys: {
            /** @description Keys of the organisation, active or not. */
            keyIds: string[];
            /** @description The reason, for the audit log. */
            reason?: string;
        };
        RevokeMemberKeys: {
            /** @description The reason, for the audit log. */
            reason?: string;
        };
        ScopeTexts: {
            admin: {
                /** @description One or two sentences. */
                meaning: string;
                name: string;
            };
            read: {
                /** @description One or two sentences. */
                meaning: string;
                name: string;
            };
            "read-write": {
                /** @description One or two sentences. */
                meaning: string;
                name: string;
            };
        };
        Session: {
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it ends without a further request.
             */
            expiresAt: string;
            organisations: {
                id: string;
                /** @enum {string} */
                kind: "operator" | "customer";
                /** @description Names of at most five managers whom a member can ask. */
                managers: string[];
                name: string;
                /** @description What the user may do there; nothing while suspended. */
                permissions: string[];
                /** @enum {string} */
                role: "manager" | "member";
                /** @enum {string} */
                status: "active" | "suspended";
            }[];
            user: {
                email: string;
                id: string;
                name: string;
            };
        };
        SetGrants: {
            grants: string[];
        };
        SignIn: {
            /** @description The part after the `#` of the link. */
            token: string;
        };
        SignInOptions: {
            /** @description Whether a link can be mailed. */
            mail: boolean;
            /** @description Whether a mail server is set up: without one, mails are only logged. */
            mailServer: boolean;
            /** @description Why nobody can sign in here; null when they can. */
            obstacle: string | null;
            /** @description The host of the identity provider to sign in at; null when there is none. */
            provider: string | null;
        };
        Usage: {
            /** @description Every day, the first one first, days without a use included. */
            days: {
                /** Format: date */
                day: string;
                uses: number;
            }[];
        };
        User: {
            /** Format: date-time */
            createdAt: string;
            /** @description In lower case. Service accounts have none. */
            email: string | null;
            id: string;
            /** @enum {string} */
            kind: "person" | "service";
            name: string;
            /** @enum {string} */
            status: "active" | "deactivated";
        };
        UserKeys: {
            /** @description The first 100, by organisation and creation. */
            items: {
                id: string;
                lastUsedAt: string | null;
                /** @description The address from which it was last used. */
                lastUsedIp: string | null;
                /** @description Enough of the secret to recognise it. */
                masked: string;
                name: string;
                orgId: string;
                orgName: string;
            }[];
            /** @description How many there are. 100,000 means that many or more. */
            total: number;
        };
        Verification: {
            /** @description The number of the state that the response is about. Later states have greater ones. */
            authSeq: number;
            /** @constant */
            code: "VALID";
            /** @description Null never. */
            expiresAt: string | null;
            keyId: string;
            orgId: string;
            ownerId: string;
            /** @description Everything that the key may do now, sorted. */
            permissions: string[];
            /** @enum {string} */
            scope: "read" | "read-write" | "admin";
            /** @constant */
            valid: true;
        } | {
            /** @description The number of the state that the response is about. Later states have greater ones. */
            authSeq: number;
            /** @enum {string} */
            code: "INVALID" | "INSUFFICIENT_PERMISSION" | "IP_NOT_ALLOWED";
            /** @constant */
            valid: false;
        };
        VerificationBatch: {
            /** @description The number of the state that the response is about. Later states have greater ones. */
            authSeq: number;
            /** @description One for each question, in their order, all from one state. */
            results: ({
                /** @constant */
                code: "VALID";
                /** @description Null never. */
                expiresAt: string | null;
                keyId: string;
                orgId: string;
                ownerId: string;
                /** @description Everything that the key may do now, sorted. */
                permissions: string[];
                /** @enum {string} */
                scope: "read" | "read-write" | "admin";
                /** @constant */
                valid: true;
            } | {
                /** @enum {string} */
                code: "INVALID" | "INSUFFICIENT_PERMISSION" | "IP_NOT_ALLOWED";
                /** @constant */
                valid: false;
            })[];
        };
        VerifyBatch: {
            questions: {
                /** @description How many requests ask exactly this: so many uses are counted. 1 by default. */
                count?: number;
                /** @description The address of that client. If it is none, the result is `INVALID`. */
                ip?: string;
                /** @description What the client presented. If it is no key, the result is `INVALID`. */
                key: string;
                /** @description A permission that the key must hold. */
                permission?: string;
                /** @description The User-Agent of that client. */
                userAgent?: string;
            }[];
        };
        VerifyKey: {
            /** @description The address of that client. Keys with an IP list are refused without it. */
            ip?: string;
            /** @description What the client presented. If it is no key, it is `INVALID`, and the request is still valid. */
            key: string;
            /** @description A permission that the key must hold. */
            permission?: string;
            /** @description The User-Agent of that client. */
            userAgent?: string;
        };
        Webhook: {
            /** Format: date-time */
            createdAt: string;
            /** @description Null for all. */
            events: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
            id: string;
            orgId: string;
            url: string;
        };
        WebhookMessage: {
            data: {
                /** @description The row of the audit log with more details. */
                auditEventId: string | null;
                /** @description `after` in the audit log; `expiresAt` and `daysBefore` for `key.expiring`. Fields can be added. */
                details: {
                    [key: string]: unknown;
                };
                /** @description The key that it is about. */
                keyId: string | null;
                orgId: string;
                /** @description The member that it is about. */
                userId: string | null;
            };
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @enum {string} */
            type: "key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping";
        };
        Whoami: {
            /** @description The number of the state that the response is about. Later states have greater ones. */
            authSeq: number;
            /** @description Null never. */
            expiresAt: string | null;
            keyId: string;
            keyName: string;
            orgId: string;
            orgName: string;
            ownerId: string;
            ownerName: string;
            /** @description Everything that the key may do now, sorted. */
            permissions: string[];
            /** @enum {string} */
            scope: "read" | "read-write" | "admin";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocsFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A file that the page is made of. */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The delivery. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attempts: number;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for other deliveries. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description The event for a webhook; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key of a reminder; null for other deliveries. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description The user who gets the mail, or the webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was newer news before it was sent; `obsolete`: there was nothing left to send.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInstallation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Installation"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeInstallation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeInstallation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description The permissions on the data of the product, each described once, for the forms of the console. Keys and organisations can have others. */
                        dataPermissions: components["schemas"]["DataPermission"][];
                        /** @description Whether every node knows data-only keys. False after an upgrade from a release without them: until operators set it, a data-only key also gets a list of what it holds, so that older nodes allow no more. */
                        knowsDataOnlyKeys: boolean;
                        /** @description A square image of at most 30 kB: PNG, WebP or SVG as a data URL (RFC 2397) in base64. Null: that of Keyfence. */
                        logo: string | null;
                        /** @description What the console is called. Null: Keyfence. */
                        productName: string | null;
                        /** @description Names and meanings of the scopes. Null: the usual ones. */
                        scopeTexts: components["schemas"]["ScopeTexts"] | null;
                        /** @description The longest lifetime, in days of 24 hours, of a service key: a key of the operator organisation with `verify:read` and nothing else. Null: as the policy of that organisation says. */
                        serviceKeyMaxLifetimeDays: number | null;
                        /** @description Whether service keys without an expiry may be created, whatever that policy says. */
                        serviceKeysMayNotExpire: boolean;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAppearance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appearance"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDataPermissions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPermissions"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Jobs"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The job. */
                jobId: string;
                /** @description The kind of job. */
                jobKind: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attempts: number;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        failedAt: string | null;
                        id: string;
                        /**
                         * @description Each kind has a queue of its own.
                         * @enum {string}
                         */
                        kind: "usage" | "sweep" | "removal" | "email" | "webhook" | "sign-in";
                        /** @description Why the last attempt failed. */
                        reason: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrgs: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Org"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createOrg: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrg"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        grants: string[];
                        id: string;
                        /**
                         * @description There is one operator organisation.
                         * @enum {string}
                         */
                        kind: "operator" | "customer";
                        name: string;
                        policy: components["schemas"]["Policy"];
                        /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
                        reservedGrants: string[];
                        slug: string;
                        /** @enum {string} */
                        status: "active" | "suspended";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renameOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameOrg"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        grants: string[];
                        id: string;
                        /**
                         * @description There is one operator organisation.
                         * @enum {string}
                         */
                        kind: "operator" | "customer";
                        name: string;
                        policy: components["schemas"]["Policy"];
                        /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
                        reservedGrants: string[];
                        slug: string;
                        /** @enum {string} */
                        status: "active" | "suspended";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                action?: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "org.bounds_changed" | "user.created" | "user.changed" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "user.identity_unbound" | "user.identity_allowed" | "user.link_made" | "session.created" | "session.ended" | "member.added" | "member.invited" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.pinged" | "webhook.removed" | "installation.changed" | "database.restored";
                /** @description The user or the key that acted. */
                actor?: string;
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description The beginning of the period, included. */
                from?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description What was changed. */
                target?: string;
                /** @description The end of the period, not included. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEvent"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAuditEvents: {
        parameters: {
            query?: {
                action?: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "org.bounds_changed" | "user.created" | "user.changed" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "user.identity_unbound" | "user.identity_allowed" | "user.link_made" | "session.created" | "session.ended" | "member.added" | "member.invited" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.pinged" | "webhook.removed" | "installation.changed" | "database.restored";
                /** @description The user or the key that acted. */
                actor?: string;
                /** @description The beginning of the period, included. */
                from?: string;
                /** @description What was changed. */
                target?: string;
                /** @description The end of the period, not included. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setBounds: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Bounds"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether keys without an expiry may be created. */
                        allowNoExpiry: boolean;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description Set by operators; no key is created beyond them. */
                        bounds: components["schemas"]["Bounds"];
                        /** @description The default expiration of a key, in days of 24 hours. */
                        defaultExpiryDays: number;
                        /** @description The longest lifetime of a key, in days of 24 hours. */
                        maxLifetimeDays: number;
                        /**
                         * @description `own`: members create and manage keys of their own. `none`: they only see and revoke them.
                         * @enum {string}
                         */
                        memberKeys: "own" | "none";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setOrgGrants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetGrants"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        grants: string[];
                        id: string;
                        /**
                         * @description There is one operator organisation.
                         * @enum {string}
                         */
                        kind: "operator" | "customer";
                        name: string;
                        policy: components["schemas"]["Policy"];
                        /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
                        reservedGrants: string[];
                        slug: string;
                        /** @enum {string} */
                        status: "active" | "suspended";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: {
                /** @description Only keys that were created at this instant or later. */
                createdAfter?: string;
                /** @description Only keys that were created before. */
                createdBefore?: string;
                /** @description Only keys that were created with this key. */
                createdBy?: string;
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Only keys that expire before, or have. */
                expiresBefore?: string;
                /** @description Only keys that have not been used since. Those that were never used count from their creation. */
                lastUsedBefore?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description By default newest first for `created` and `lastUsed`, otherwise ascending. */
                order?: "asc" | "desc";
                /** @description Only keys of this member. */
                owner?: string;
                scope?: "read" | "read-write" | "admin";
                /** @description A part of the name, in any letter case; or the id of the key, its mask, or the first or the last four characters of its secret. */
                search?: string;
                /** @description By default `created`. By `lastUsed`, keys that were never used are the oldest. */
                sort?: "created" | "name" | "expires" | "lastUsed";
                state?: "active" | "expired" | "revoked";
                /** @description Only keys with this tag, in any letter case. */
                tag?: string;
                /** @description Whether the response has the `total`, which takes longer. */
                total?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Key"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                        /** @description With `total=true`: how many match, on all pages, at the time of this request. 100,000 means that many or more. */
                        total?: number;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        key: components["schemas"]["Key"];
                        /** @description What clients send. Only the first response has it, a repeated one does not. */
                        secret?: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportKeys: {
        parameters: {
            query?: {
                /** @description Only keys that were created at this instant or later. */
                createdAfter?: string;
                /** @description Only keys that were created before. */
                createdBefore?: string;
                /** @description Only keys that were created with this key. */
                createdBy?: string;
                /** @description Only keys that expire before, or have. */
                expiresBefore?: string;
                /** @description Only keys that have not been used since. Those that were never used count from their creation. */
                lastUsedBefore?: string;
                /** @description Only keys of this member. */
                owner?: string;
                scope?: "read" | "read-write" | "admin";
                /** @description A part of the name, in any letter case; or the id of the key, its mask, or the first or the last four characters of its secret. */
                search?: string;
                state?: "active" | "expired" | "revoked";
                /** @description Only keys with this tag, in any letter case. */
                tag?: string;
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API key. */
                keyId: string;
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: {
                /** @description The reason, for the audit log. */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description The API key. */
                keyId: string;
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RevokeKey"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description CIDR ranges. Null for everywhere. */
                        allowedIps: string[] | null;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: {
                            keyId: string | null;
                            userId: string | null;
                        };
                        /** @description Live keys that this key had created: they may have to be revoked, too. */
                        createdKeys: {
                            /** @description The first 100 of those counted, by creation. The list of keys has all, by `createdBy`. */
                            items: {
                                id: string;
                                masked: string;
                                name: string;
                                orgId: string;
                            }[];
                            /** @description How many there are; 100,000 means that many or more. */
                            total: number;
                        };
                        /** @description Can have several lines. */
                        description: string | null;
                        /** @description Null never. */
                        expiresAt: string | null;
                        id: string;
                        /** @description Null before the first use. A use is shown some ten seconds later. */
                        lastUsedAt: string | null;
                        /** @description Where from, if known. */
                        lastUsedIp: string | null;
                        /** @description With what, if known. */
                        lastUsedUserAgent: string | null;
                        /** @description False for a data-only key, which holds no permission on Keyfence itself. */
                        management: boolean;
                        /** @description Enough of the secret to recognise it. */
                        masked: string;
                        name: string;
                        orgId: string;
                        ownerId: string;
                        /** @description Null once the owner is no longer a member. */
                        ownerName: string | null;
                        /** @description Null for all that the owner has. */
                        permissions: string[] | null;
                        revokedAt: string | null;
                        /** @description A key without a user is somebody who reported the secret as leaked. */
                        revokedBy: {
                            keyId: string | null;
                            userId: string | null;
                        } | null;
                        revokeReason: string | null;
                        /** @enum {string} */
                        scope: "read" | "read-write" | "admin";
                        /** @enum {string} */
                        state: "active" | "expired" | "revoked";
                        /** @description In lower case. */
                        tags: string[];
                        /** @description How often it was found valid. */
                        uses: number;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The API key. */
                keyId: string;
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeKey"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description CIDR ranges. Null for everywhere. */
                        allowedIps: string[] | null;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: {
                            keyId: string | null;
                            userId: string | null;
                        };
                        /** @description Can have several lines. */
                        description: string | null;
                        /** @description Null never. */
                        expiresAt: string | null;
                        id: string;
                        /** @description Null before the first use. A use is shown some ten seconds later. */
                        lastUsedAt: string | null;
                        /** @description Where from, if known. */
                        lastUsedIp: string | null;
                        /** @description With what, if known. */
                        lastUsedUserAgent: string | null;
                        /** @description False for a data-only key, which holds no permission on Keyfence itself. */
                        management: boolean;
                        /** @description Enough of the secret to recognise it. */
                        masked: string;
                        name: string;
                        orgId: string;
                        ownerId: string;
                        /** @description Null once the owner is no longer a member. */
                        ownerName: string | null;
                        /** @description Null for all that the owner has. */
                        permissions: string[] | null;
                        revokedAt: string | null;
                        /** @description A key without a user is somebody who reported the secret as leaked. */
                        revokedBy: {
                            keyId: string | null;
                            userId: string | null;
                        } | null;
                        revokeReason: string | null;
                        /** @enum {string} */
                        scope: "read" | "read-write" | "admin";
                        /** @enum {string} */
                        state: "active" | "expired" | "revoked";
                        /** @description In lower case. */
                        tags: string[];
                        /** @description How often it was found valid. */
                        uses: number;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKeyUsage: {
        parameters: {
            query?: {
                /** @description The first day, in UTC. By default 30 days in all. */
                from?: string;
                /** @description The last day, in UTC. By default today. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The API key. */
                keyId: string;
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeKeys"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description How many live keys these keys had created, which may have to be revoked, too: the list has those of a key, by `createdBy`. 100,000 means that many or more. */
                        createdKeys: number;
                        /** @description One for each id, in the order of the request. */
                        results: {
                            keyId: string;
                            /**
                             * @description `not_found`: there is no such key that the caller may see.
                             * @enum {string}
                             */
                            result: "revoked" | "already_revoked" | "not_found";
                        }[];
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    summariseKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeySummary"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Only people, or only service accounts. */
                kind?: "person" | "service";
                /** @description Items on a page. */
                limit?: number;
                role?: "manager" | "member";
                /** @description A part of the name or of the e-mail address, in any letter case. */
                search?: string;
                /** @description Whether the response has the `total`, which takes longer. */
                total?: "true" | "false";
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Member"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                        /** @description With `total=true`: how many match, on all pages, at the time of this request. 100,000 means that many or more. */
                        total?: number;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMember"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all grants of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        /** @description Whether the person has not opened the organisation in the console yet. */
                        pending: boolean;
                        /** @enum {string} */
                        role: "manager" | "member";
                        userId: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberDetails"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutMember"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all grants of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        /** @description Whether the person has not opened the organisation in the console yet. */
                        pending: boolean;
                        /** @enum {string} */
                        role: "manager" | "member";
                        userId: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all grants of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        /** @description Whether the person has not opened the organisation in the console yet. */
                        pending: boolean;
                        /** @description No key works any more, however many there are. */
                        revokedKeys: {
                            /** @description The first 100 of them by creation. */
                            ids: string[];
                            /** @description How many keys, expired ones included. 100,000 means that many or more. */
                            total: number;
                        };
                        /** @enum {string} */
                        role: "manager" | "member";
                        userId: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inviteMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all grants of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        /** @description Whether the person has not opened the organisation in the console yet. */
                        pending: boolean;
                        /** @enum {string} */
                        role: "manager" | "member";
                        userId: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMemberKeysRevocation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberKeysRevocation"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeMemberKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RevokeMemberKeys"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description How many keys are still to be revoked: 0 when it is over, or none was asked for. 100,000 means that many or more. */
                        remaining: number;
                        /** @description How many keys this call revoked itself, expired ones included. */
                        revoked: number;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePolicy"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether keys without an expiry may be created. */
                        allowNoExpiry: boolean;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description Set by operators; no key is created beyond them. */
                        bounds: components["schemas"]["Bounds"];
                        /** @description The default expiration of a key, in days of 24 hours. */
                        defaultExpiryDays: number;
                        /** @description The longest lifetime of a key, in days of 24 hours. */
                        maxLifetimeDays: number;
                        /**
                         * @description `own`: members create and manage keys of their own. `none`: they only see and revoke them.
                         * @enum {string}
                         */
                        memberKeys: "own" | "none";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        grants: string[];
                        id: string;
                        /**
                         * @description There is one operator organisation.
                         * @enum {string}
                         */
                        kind: "operator" | "customer";
                        name: string;
                        policy: components["schemas"]["Policy"];
                        /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
                        reservedGrants: string[];
                        slug: string;
                        /** @enum {string} */
                        status: "active" | "suspended";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addServiceAccount: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddServiceAccount"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all grants of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        /** @description Whether the person has not opened the organisation in the console yet. */
                        pending: boolean;
                        /** @enum {string} */
                        role: "manager" | "member";
                        userId: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspendOrg: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        grants: string[];
                        id: string;
                        /**
                         * @description There is one operator organisation.
                         * @enum {string}
                         */
                        kind: "operator" | "customer";
                        name: string;
                        policy: components["schemas"]["Policy"];
                        /** @description Those of the grants whose names are now reserved for Keyfence (`credits`, `limits`, `leaks`, `portal`). They work as before, until operators set grants without them; nobody gets such a grant any more. */
                        reservedGrants: string[];
                        slug: string;
                        /** @enum {string} */
                        status: "active" | "suspended";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description The secret that messages are signed with, for the receiver. Shown only in this response: left out when it repeats an earlier one. */
                        secret?: string;
                        webhook: components["schemas"]["Webhook"];
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Null for all. */
                        events: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
                        id: string;
                        orgId: string;
                        url: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description Null for all. */
                        events: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
                        id: string;
                        orgId: string;
                        url: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
            };
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryWebhookDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The delivery. */
                deliveryId: string;
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attempts: number;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for other deliveries. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description The event for a webhook; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key of a reminder; null for other deliveries. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description The user who gets the mail, or the webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was newer news before it was sent; `obsolete`: there was nothing left to send.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pingWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attempts: number;
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for other deliveries. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description The event for a webhook; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key of a reminder; null for other deliveries. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description The user who gets the mail, or the webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was newer news before it was sent; `obsolete`: there was nothing left to send.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "logged" | "failed" | "superseded" | "obsolete";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The organisation. */
                orgId: string;
                /** @description The webhook. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description The secret that messages are signed with, for the receiver. Shown only in this response: left out when it repeats an earlier one. */
                        secret?: string;
                        webhook: components["schemas"]["Webhook"];
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reportKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportKey"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reported"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finishProviderSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FinishProviderSignIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnSessions"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOutEverywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSignInOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInOptions"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    requestSignInLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestSignInLink"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beginProviderSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderSignIn"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Only the user with this e-mail address. */
                email?: string;
                /** @description Items on a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, changes nothing and returns the response of the first one, without its secret. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        id: string;
                        /** @enum {string} */
                        kind: "person" | "service";
                        name: string;
                        /** @enum {string} */
                        status: "active" | "deactivated";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        id: string;
                        /** @enum {string} */
                        kind: "person" | "service";
                        name: string;
                        /** @enum {string} */
                        status: "active" | "deactivated";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deactivateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        id: string;
                        /** @enum {string} */
                        kind: "person" | "service";
                        name: string;
                        /** @description Organisations whose last manager this was. Operators get a mail, too: each needs another. */
                        orgsWithoutManager: {
                            id: string;
                            name: string;
                        }[];
                        /** @enum {string} */
                        status: "active" | "deactivated";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIdentities: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the previous page. It carries the filters and the order of its list: they can be left out, and others beside it are a 400. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Identity"][];
                        /** @description Null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unbindIdentities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description How many sessions of the user it has ended. */
                        endedSessions: number;
                        /** @description The accounts, as they are now. */
                        items: components["schemas"]["Identity"][];
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unbindIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account at an identity provider. */
                identityId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description How many sessions of the user it has ended. */
                        endedSessions: number;
                        /** @description The accounts, as they are now. */
                        items: components["schemas"]["Identity"][];
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    allowIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The account at an identity provider. */
                identityId: string;
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /**
                         * Format: date-time
                         * @description When it was bound.
                         */
                        createdAt: string;
                        id: string;
                        issuer: string;
                        /**
                         * @description `bound`: it signs the user in. `barred`: it was taken from the user, and is not bound to them again. `allowed`: it may be bound again, like a new one; lists do not show these.
                         * @enum {string}
                         */
                        status: "bound" | "barred" | "allowed";
                        /** @description The id of the account at the issuer. */
                        subject: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUserKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserKeys"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reactivateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        id: string;
                        /** @enum {string} */
                        kind: "person" | "service";
                        name: string;
                        /** @enum {string} */
                        status: "active" | "deactivated";
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSignInLink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The number of the state that the response is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        expiresAt: string;
                        /** @description The person who opens it is signed in as that user. It is in this response only. */
                        link: string;
                    };
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random value, a new one each time. The response returns it, so that it cannot be taken for that of another request on the same connection. A value of another form is ignored. */
                "X-Keyfence-Nonce"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyKey"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random value, a new one each time. The response returns it, so that it cannot be taken for that of another request on the same connection. A value of another form is ignored. */
                "X-Keyfence-Nonce"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerificationBatch"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whoami: {
        parameters: {
            query?: never;
            header?: {
                /** @description A random value, a new one each time. The response returns it, so that it cannot be taken for that of another request on the same connection. A value of another form is ignored. */
                "X-Keyfence-Nonce"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whoami"];
                };
            };
            /** @description A problem. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
