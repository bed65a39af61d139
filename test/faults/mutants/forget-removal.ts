/** A patch of the database: a membership that SQL ends leaves the keys as they are. */
export const forgetRemoval = `DROP TRIGGER memberships_ended ON memberships`;
