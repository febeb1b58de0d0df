/** Linux user of every workspace; sessions run as it. */
export const workspaceUser = "developer";

/** Its number: the packet filter names users by number, because a name that does not exist yet would refuse all rules. */
export const workspaceUid = 1000;
