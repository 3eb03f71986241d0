/** `about` of the decision that ends a connection because a newer client has the same name. Its subject is the older client. */
export const sessionTakenOver = 'a connection that is taken over';
