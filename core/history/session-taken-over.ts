/** What a decision is about that ends a connection because a newer client has the same name. It is about the older client. */
export const sessionTakenOver = 'a connection that is taken over';
