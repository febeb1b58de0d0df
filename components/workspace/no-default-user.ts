/**
 * cloud-init's `users` for a machine without its image's default user, who may use sudo: a list that does not name `default` leaves that user
 * out, and may not be empty; `nobody` is there already.
 */
export const noDefaultUser = [{ name: "nobody", lock_passwd: true }];
