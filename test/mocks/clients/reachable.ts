import type { Cloud } from '../../../core/cloud/cloud.ts';

/** The addresses of a cloud, as a client needs them. The cloud may be in another process. */
export type Reachable = Pick<Cloud, 'ports' | 'serverRoot'>;
