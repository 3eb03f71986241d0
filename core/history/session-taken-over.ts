/**
 * `about` of the decision that ends a connection because a newer client connected with the same ID. The subject of the decision is
 * the older client.
 */
export const sessionTakenOver = 'a connection that is taken over';
