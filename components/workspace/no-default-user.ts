/**
 * cloud-init's `users` for a machine without its image's default user, who may use sudo. A list
 * without `default` omits that user. The list may not be empty, so it names `nobody`, which exists
 * already.
 */
export const noDefaultUser = [{ name: "nobody", lock_passwd: true }];
