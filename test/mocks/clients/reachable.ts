import type { Cloud } from '../../../core/cloud/cloud.ts';

/** What a client needs to know of a cloud, which may be in another process. */
export type Reachable = Pick<Cloud, 'ports' | 'serverRoot'>;
