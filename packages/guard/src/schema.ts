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
         * See whether requests can be answered
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
         * Send again what has failed
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
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what jobs wait, and which have failed
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
         * Try again what has failed
         * @description The answer shows the job as it was.
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
         * @description All filters that are given must hold.
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
         * @description An export that broke off ends with a broken connection.
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
         * @description Keys follow at once.
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
         * @description Members see their own, managers all.
         *
         *     Needs the permission `keys:read` (list and read keys) in the organisation.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Create a key
         * @description Members create keys for themselves, managers for every member. The secret is in this answer and nowhere else, ever.
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
         * Revoke a key for ever
         * @description When this has returned, no node accepts the key any more. Revoking it again changes nothing.
         *
         *     Needs the permission `keys:write` (rename, narrow and revoke keys) in the organisation.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        /**
         * Rename or narrow a key
         * @description Nothing can be widened.
         *
         *     Needs the permission `keys:write` (rename, narrow and revoke keys) in the organisation.
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
         * @description A use is a request that the key was good for: a call with it, or a call that asks about it. 366 days at the most.
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
         * @description The answer is the same whether or not the address was known before.
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
         * @description For operators it also makes a member of a user.
         *
         *     Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        put: operations["putMember"];
        post?: never;
        /**
         * Remove a member, and revoke their keys
         * @description Needs the permission `members:admin` (add, change and remove members and service accounts) in the organisation.
         */
        delete: operations["removeMember"];
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
         * @description Fields that are left out stay as they are; existing keys do, too.
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
         * @description Its keys outlive whoever made them.
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
         * @description None of its keys is good until it is resumed.
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
         * @description Needs the permission `webhooks:read` (see webhooks and what became of their deliveries) in the organisation.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Events are sent by POST, signed after the Standard Webhooks specification, and again with growing pauses for more than a day until they are answered with 2xx. They can come twice, and in any order: `webhook-id` tells them apart.
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
         * @description Needs the permission `webhooks:read` (see webhooks and what became of their deliveries) in the organisation.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook
         * @description What waits to be sent is not sent any more.
         *
         *     Needs the permission `webhooks:admin` (create, change, test and remove webhooks) in the organisation.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /**
         * Change where a webhook leads or what it is sent
         * @description What waits to be sent goes to the new URL.
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
         * List what a webhook was sent
         * @description The newest first. `?state=failed` are those that nobody tries to send any more.
         *
         *     Needs the permission `webhooks:read` (see webhooks and what became of their deliveries) in the organisation.
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
         * Send again what has failed
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
         * Send a try
         * @description Within seconds, an event of type `ping`. Its delivery tells what became of it.
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
         * @description For 24 hours messages carry signatures with both, the new one and the one before it.
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
         * @description The answer is the same whether or not there was such a key.
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
         * @description For the console, in a session of its own.
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
         * @description For the console, in a session of its own.
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
         * Sign in with what the identity provider has sent the browser back with
         * @description An account at the provider belongs to the user with the address that the provider had verified when it came first, for good.
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
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign out everywhere
         * @description For the console, in a session of its own.
         */
        delete: operations["signOutEverywhere"];
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
         * Have a link mailed to sign in with
         * @description The answer is the same whether or not anybody has the address.
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
        patch?: never;
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
         * @description None of their keys is good, in any organisation, until they are reactivated.
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
         * Ask whether a key is good
         * @description The answer is 200 also for a key that is not. Without the permission `verify:read` all keys of other organisations are `INVALID`.
         *
         *     Needs a good API key.
         */
        post: operations["verifyKey"];
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
         * See who the own key is, and what it may do
         * @description Needs a good API key.
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
            /**
             * @description A subset of the organisation's grants, or null for all of them, now and later.
             * @default null
             */
            grants: string[] | null;
            /** @description Shown in this organisation until the person has signed in to it. */
            name: string;
            /** @enum {string} */
            role: "manager" | "member";
        };
        AddServiceAccount: {
            /**
             * @description A subset of the organisation's grants, or null for all of them, now and later.
             * @default null
             */
            grants: string[] | null;
            name: string;
            /**
             * @default member
             * @enum {string}
             */
            role: "manager" | "member";
        };
        AuditEvent: {
            /** @enum {string} */
            action: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "user.created" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "session.created" | "session.ended" | "member.added" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.removed" | "database.restored";
            /** @description Who did it. */
            actor: {
                keyId: string | null;
                /**
                 * @description `system` is the service itself; `console` a user who was signed in there; `secret_holder` somebody who showed no more than the secret of the key.
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
            ip: string | null;
            /** @description The `X-Request-Id` of the answer. */
            requestId: string | null;
            /** @description What was changed. */
            targetId: string;
            userAgent: string | null;
        };
        ChangeKey: {
            allowedIps?: string[];
            /** @description An earlier instant or day, in the future. */
            expiresAt?: string;
            name?: string;
            permissions?: string[];
            /** @enum {string} */
            scope?: "read" | "read-write" | "admin";
        };
        ChangePolicy: {
            /** @description Whether keys may be created that never expire. */
            allowNoExpiry?: boolean;
            /** @description Lifetime of a key whose creator names none, in days of 24 hours. */
            defaultExpiryDays?: number;
            /** @description The longest lifetime of a key, in days of 24 hours. */
            maxLifetimeDays?: number;
            /**
             * @description `own`: members create and manage keys of their own. `none`: they only see and revoke them.
             * @enum {string}
             */
            memberKeys?: "own" | "none";
        };
        ChangeWebhook: {
            /** @description The types of events that are sent; null for all, also those to come. */
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
            /** @description When the key stops working: an instant, or a day up to its end in UTC; null never, where the policy allows it. */
            expiresAt?: (string) | null;
            /** @description Lifetime in days of 24 hours. The default of the policy when no expiry is given. Not together with `expiresAt`. */
            expiresInDays?: number;
            /** @description The system or workflow that uses the key. It need not be unique. */
            name: string;
            /** @description The member that the key belongs to. The caller when left out. */
            ownerId?: string;
            /** @description The only permissions that the key can hold. */
            permissions?: string[];
            /**
             * @description `read` monitors and queries, `read-write` also records, `admin` also configures.
             * @enum {string}
             */
            scope: "read" | "read-write" | "admin";
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
             * @description The types of events that are sent; null for all, also those to come.
             * @default null
             */
            events: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended")[] | null;
            /**
             * Format: uri
             * @description Where events are sent by POST: an `https` URL of a public host.
             */
            url: string;
        };
        Delivery: {
            attempts: number;
            /** @enum {string} */
            channel: "email" | "webhook";
            /** Format: date-time */
            createdAt: string;
            /** @description The reminder: days before the expiry, 0 for the expiry; null for all else. */
            daysBefore: number | null;
            /** @description The day (UTC) whose digest it is. */
            digestDay: string | null;
            /** @description What a webhook is told; null for mail. */
            eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
            finishedAt: string | null;
            /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
            id: string;
            /** @description The key that it reminds of; null for all else. */
            keyId: string | null;
            /** @description Null unless it waits. */
            nextAttemptAt: string | null;
            orgId: string;
            /** @description Why the last attempt failed. */
            reason: string | null;
            /** @description Whose mail, or which webhook. */
            recipientId: string;
            /**
             * @description `superseded`: there was something newer to tell before it left; `obsolete`: there was nothing left to tell.
             * @enum {string}
             */
            state: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
            kind: "usage" | "sweep" | "email" | "webhook" | "sign-in";
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
        Jobs: {
            counts: {
                active: number;
                /** @description To be tried again, or to come by themselves. */
                delayed: number;
                /** @description All attempts have failed, and somebody should look at them. */
                failed: number;
                /**
                 * @description Each kind has a queue of its own.
                 * @enum {string}
                 */
                kind: "usage" | "sweep" | "email" | "webhook" | "sign-in";
                /** @description Somebody could run them now. */
                waiting: number;
            }[];
            /** @description The last 100 of each kind. */
            failed: components["schemas"]["FailedJob"][];
        };
        Key: {
            /** @description CIDR ranges. Null is everywhere. */
            allowedIps: string[] | null;
            /** Format: date-time */
            createdAt: string;
            createdBy: {
                keyId: string | null;
                userId: string | null;
            };
            /** @description Null never. */
            expiresAt: string | null;
            id: string;
            /** @description Null before the first use. A use shows some ten seconds later. */
            lastUsedAt: string | null;
            /** @description Where from, if known. */
            lastUsedIp: string | null;
            /** @description With what, if known. */
            lastUsedUserAgent: string | null;
            /** @description Enough of the secret to recognise it. */
            masked: string;
            name: string;
            orgId: string;
            ownerId: string;
            /** @description Null once the owner is no member any more. */
            ownerName: string | null;
            /** @description Null follows the owner. */
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
            /** @description How often it was found good. */
            uses: number;
        };
        Member: {
            /** Format: date-time */
            createdAt: string;
            /** @description In lower case. Service accounts have none. */
            email: string | null;
            /** @description Null inherits all of the organisation. */
            grants: string[] | null;
            /** @enum {string} */
            kind: "person" | "service";
            /** @description The name that the manager gave who added the member. */
            name: string;
            orgId: string;
            /** @enum {string} */
            role: "manager" | "member";
            userId: string;
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
            slug: string;
            /** @enum {string} */
            status: "active" | "suspended";
        };
        Policy: {
            /** @description Whether keys may be created that never expire. */
            allowNoExpiry: boolean;
            /** @description Lifetime of a key whose creator names none, in days of 24 hours. */
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
             * @description Stable: programs tell refusals apart by it.
             * @enum {string}
             */
            code: "invalid_request" | "malformed_json" | "ambiguous_credentials" | "key_in_url" | "permission_outside_scope" | "nothing_to_grant" | "expiry_not_allowed" | "not_in_grants" | "target_not_allowed" | "sign_in_link_invalid" | "identity_not_confirmed" | "unauthenticated" | "insufficient_permission" | "ip_not_allowed" | "cross_site" | "identity_unknown" | "exceeds_issuer" | "not_found" | "method_not_allowed" | "request_timeout" | "slug_taken" | "email_taken" | "already_member" | "last_manager" | "key_not_active" | "org_suspended" | "owner_inactive" | "too_many_webhooks" | "mail_not_set_up" | "no_identity_provider" | "idempotency_in_progress" | "operator_organisation" | "foreign_service_account" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "idempotency_mismatch" | "not_narrower" | "too_many_failures" | "headers_too_large" | "internal" | "unavailable" | "busy" | "outcome_unknown";
            /** @description What is particular to this occurrence. */
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
            /** @description The same each time. */
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
                /** @description Names of managers whom a member can ask, five at the most. */
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
            /** @description What stands behind the `#` of the link. */
            token: string;
        };
        SignInOptions: {
            /** @description Whether a link can be mailed. */
            mail: boolean;
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
        Verification: {
            /** @description The number of the state that the answer is about. Later states have greater ones. */
            authSeq: number;
            /** @constant */
            code: "VALID";
            /** @description Null never. */
            expiresAt: string | null;
            keyId: string;
            orgId: string;
            ownerId: string;
            /** @description All that the key may do now, sorted. */
            permissions: string[];
            /** @enum {string} */
            scope: "read" | "read-write" | "admin";
            /** @constant */
            valid: true;
        } | {
            /** @description The number of the state that the answer is about. Later states have greater ones. */
            authSeq: number;
            /** @enum {string} */
            code: "INVALID" | "INSUFFICIENT_PERMISSION" | "IP_NOT_ALLOWED";
            /** @constant */
            valid: false;
        };
        VerifyKey: {
            /** @description The address of that client. Keys with an IP list are refused without it. */
            ip?: string;
            /** @description What the client presented. Whatever is no key is `INVALID`, and no mistake. */
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
                /** @description The row of the audit log that tells more. */
                auditEventId: string | null;
                /** @description What the audit log calls `after`; `expiresAt` and `daysBefore` for `key.expiring`. Fields can be added. */
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
            /** @description The number of the state that the answer is about. Later states have greater ones. */
            authSeq: number;
            /** @description Null never. */
            expiresAt: string | null;
            keyId: string;
            keyName: string;
            orgId: string;
            orgName: string;
            ownerId: string;
            ownerName: string;
            /** @description All that the key may do now, sorted. */
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for all else. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description What a webhook is told; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key that it reminds of; null for all else. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description Whose mail, or which webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was something newer to tell before it left; `obsolete`: there was nothing left to tell.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        failedAt: string | null;
                        id: string;
                        /**
                         * @description Each kind has a queue of its own.
                         * @enum {string}
                         */
                        kind: "usage" | "sweep" | "email" | "webhook" | "sign-in";
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                action?: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "user.created" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "session.created" | "session.ended" | "member.added" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.removed" | "database.restored";
                /** @description The user or the key that acted. */
                actor?: string;
                /** @description Where the page begins: `nextCursor` of the page before it. */
                cursor?: string;
                /** @description The first instant that is still of interest. */
                from?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description What was changed. */
                target?: string;
                /** @description The first instant that is of no interest any more. */
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
                action?: "org.created" | "org.renamed" | "org.grants_changed" | "org.suspended" | "org.resumed" | "org.policy_changed" | "user.created" | "user.deactivated" | "user.reactivated" | "user.identity_bound" | "session.created" | "session.ended" | "member.added" | "member.changed" | "member.removed" | "key.created" | "key.changed" | "key.revoked" | "key.expired" | "delivery.retried" | "job.retried" | "webhook.created" | "webhook.changed" | "webhook.secret_rotated" | "webhook.removed" | "database.restored";
                /** @description The user or the key that acted. */
                actor?: string;
                /** @description The first instant that is still of interest. */
                from?: string;
                /** @description What was changed. */
                target?: string;
                /** @description The first instant that is of no interest any more. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description Newest first by `created`, else ascending, when left out. */
                order?: "asc" | "desc";
                /** @description Only keys of this member. */
                owner?: string;
                /** @description The beginning of the name, in any letter case. */
                search?: string;
                sort?: "created" | "name" | "expires";
                state?: "active" | "expired" | "revoked";
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        key: components["schemas"]["Key"];
                        /** @description What clients send. Only the first answer has it, a repeated one does not. */
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
                /** @description Why, for the record. */
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
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description CIDR ranges. Null is everywhere. */
                        allowedIps: string[] | null;
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: {
                            keyId: string | null;
                            userId: string | null;
                        };
                        /** @description Live keys that this key had created: they may have to go, too. */
                        createdKeys: {
                            id: string;
                            masked: string;
                            name: string;
                            orgId: string;
                        }[];
                        /** @description Null never. */
                        expiresAt: string | null;
                        id: string;
                        /** @description Null before the first use. A use shows some ten seconds later. */
                        lastUsedAt: string | null;
                        /** @description Where from, if known. */
                        lastUsedIp: string | null;
                        /** @description With what, if known. */
                        lastUsedUserAgent: string | null;
                        /** @description Enough of the secret to recognise it. */
                        masked: string;
                        name: string;
                        orgId: string;
                        ownerId: string;
                        /** @description Null once the owner is no member any more. */
                        ownerName: string | null;
                        /** @description Null follows the owner. */
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
                        /** @description How often it was found good. */
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
                        /** @description CIDR ranges. Null is everywhere. */
                        allowedIps: string[] | null;
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        createdBy: {
                            keyId: string | null;
                            userId: string | null;
                        };
                        /** @description Null never. */
                        expiresAt: string | null;
                        id: string;
                        /** @description Null before the first use. A use shows some ten seconds later. */
                        lastUsedAt: string | null;
                        /** @description Where from, if known. */
                        lastUsedIp: string | null;
                        /** @description With what, if known. */
                        lastUsedUserAgent: string | null;
                        /** @description Enough of the secret to recognise it. */
                        masked: string;
                        name: string;
                        orgId: string;
                        ownerId: string;
                        /** @description Null once the owner is no member any more. */
                        ownerName: string | null;
                        /** @description Null follows the owner. */
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
                        /** @description How often it was found good. */
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
                /** @description The first day, in UTC. 30 days in all when left out. */
                from?: string;
                /** @description The last day, in UTC. Today when left out. */
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
    listMembers: {
        parameters: {
            query?: {
                /** @description Where the page begins: `nextCursor` of the page before it. */
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
                        items: components["schemas"]["Member"][];
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
    addMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
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
                    "application/json": components["schemas"]["Member"];
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
                        revokedKeys: string[];
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
                        /** @description Whether keys may be created that never expire. */
                        allowNoExpiry: boolean;
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description Lifetime of a key whose creator names none, in days of 24 hours. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** @description In lower case. Service accounts have none. */
                        email: string | null;
                        /** @description Null inherits all of the organisation. */
                        grants: string[] | null;
                        /** @enum {string} */
                        kind: "person" | "service";
                        /** @description The name that the manager gave who added the member. */
                        name: string;
                        orgId: string;
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description What messages are signed with, for the receiver. Shown in this answer alone: left out where it repeats an earlier one. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
                cursor?: string;
                /** @description Items on a page. */
                limit?: number;
                /** @description Only deliveries in this state. */
                state?: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for all else. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description What a webhook is told; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key that it reminds of; null for all else. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description Whose mail, or which webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was something newer to tell before it left; `obsolete`: there was nothing left to tell.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @enum {string} */
                        channel: "email" | "webhook";
                        /** Format: date-time */
                        createdAt: string;
                        /** @description The reminder: days before the expiry, 0 for the expiry; null for all else. */
                        daysBefore: number | null;
                        /** @description The day (UTC) whose digest it is. */
                        digestDay: string | null;
                        /** @description What a webhook is told; null for mail. */
                        eventType: ("key.created" | "key.revoked" | "key.expiring" | "key.expired" | "member.removed" | "org.suspended" | "ping") | null;
                        finishedAt: string | null;
                        /** @description Also the `webhook-id`, and the left part of the `Message-ID`. */
                        id: string;
                        /** @description The key that it reminds of; null for all else. */
                        keyId: string | null;
                        /** @description Null unless it waits. */
                        nextAttemptAt: string | null;
                        orgId: string;
                        /** @description Why the last attempt failed. */
                        reason: string | null;
                        /** @description Whose mail, or which webhook. */
                        recipientId: string;
                        /**
                         * @description `superseded`: there was something newer to tell before it left; `obsolete`: there was nothing left to tell.
                         * @enum {string}
                         */
                        state: "waiting" | "sent" | "failed" | "superseded" | "obsolete";
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
                        authSeq: number;
                        /** @description What messages are signed with, for the receiver. Shown in this answer alone: left out where it repeats an earlier one. */
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
                /** @description Where the page begins: `nextCursor` of the page before it. */
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
                /** @description Of your choice. The same call with it, within 24 hours, does nothing more and is answered as the first one was, without its secret. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
                        /** @description The number of the state that the answer is about. Later states have greater ones. */
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
    verifyKey: {
        parameters: {
            query?: never;
            header?: never;
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
    whoami: {
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
