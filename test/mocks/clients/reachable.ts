import type { Cloud } from '../../../core/cloud/cloud.ts';

/** The addresses of a cloud that a client needs; the cloud may be in another process. */
export type Reachable = Pick<Cloud, 'ports' | 'serverRoot'>;
