/** A patch of the database: members come back while keys that they had are still to be revoked. */
export const reAdd = `
  DROP TRIGGER memberships_begun ON memberships;
  DROP TRIGGER memberships_begun_by_move ON memberships`;
