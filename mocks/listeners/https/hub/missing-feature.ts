import { hubProblems, saying, type HubProblem } from '../../../hub/hub-problems.ts';

/**
 * Returns the refusal of a request to a feature that real hubs have and this mock does not support. The refusal names
 * the feature. Returns undefined for any other path.
 */
export function missingFeature(path: readonly string[]): HubProblem | undefined {
  const [root, second, third] = path.map((each) => each.toLowerCase());
  if (root === 'twins' && third === 'streams') return refusal('device streams');
  if (root === 'jobs' && second !== 'v2')
    return refusal('import and export jobs (use /jobs/v2 for twin and method jobs)');
  if (root === 'messages' && third === 'filenotifications') {
    return refusal('file notifications over HTTPS (read messages/serviceBound/filenotifications over AMQP)');
  }
  return undefined;
}

function refusal(feature: string): HubProblem {
  return saying(hubProblems.notOffered, `rehearse does not support ${feature}; a real IoT hub does.`);
}
