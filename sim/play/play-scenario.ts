import { defined } from '../../core/defined.ts';
import { OutsideCalendar } from '../../core/time/calendar.ts';
import { addDuration, durationBetween } from '../../core/time/duration.ts';
import { parseInstant, wallMs } from '../../core/time/clock.ts';
import type { CheckId } from '../../core/checks.ts';
import { certificatesIn } from '../../core/history/certificates-in.ts';
import type { StartCloud } from '../../core/cloud/cloud.ts';
import type { Drill, HistoryEvent } from '../../core/history/events.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import { lineReports } from '../../core/findings/line-report.ts';
import { flagHoldings } from '../../core/findings/flag-holdings.ts';
import { observeRegistrations } from '../../core/findings/registrations.ts';
import { mergeVerdicts, type Run, schemaVersion, type StepVerdict, type Verdict } from '../../core/run/run.ts';
import { identityOf } from '../../core/run/scenario-identity.ts';
import { secretHoldings } from '../../core/findings/secrets.ts';
import { lookForSignals } from '../../core/findings/signals/look-for-signals.ts';
import { auditedIn, trailHandedOut } from '../world/trail-handed-out.ts';
import type { RunController } from './run-controller.ts';
import { programsIn, programsRefused } from '../programs/programs-in.ts';
import { enrollGroups } from '../world/enroll-groups.ts';
import { putHubAuthorities } from '../world/put-hub-authorities.ts';
import { judge } from './judge.ts';
import { followSecrets } from '../secrets/follow-secrets.ts';
import { openAttackerConsole } from './attacker-console.ts';
import { orderFaults } from './order-faults.ts';
import { verdictOn, verdictOnFleets, verdictOnParts } from './stopped-verdict.ts';
import type { MissingParts } from '../key-stores/world-key-stores.ts';
import type { Scenario } from '../scenario/load.ts';
import type { Step } from '../scenario/read-timeline.ts';
import { UnexpectedTpmFailure } from '../tpm/command.ts';
import type { BrokenPart } from '../processes/broken-parts.ts';
import { allHubNames, hubHost } from '../world/hub-host.ts';
import { StepProblem } from '../world/step-problem.ts';
import { createWorld, worldAt, type OpenWorld, type World } from '../world/world.ts';

/** The inputs of a run in addition to the scenario. */
export interface PlaySettings {
  /** Seed of every random choice. Keys do not depend on it: every run makes new keys. */
  readonly seed: string;
  readonly startCloud: StartCloud;
  readonly versions: Run['versions'];
  /** Action if a key store of the scenario needs a program that is not installed. Default: `skip`. */
  readonly missingParts?: MissingParts;
  /** ID of a check that devices, services and stations skip, for mutation testing. A scenario file cannot set this. */
  readonly sabotage?: CheckId | undefined;
  /** Run controller that watches the run and may pause it. */
  readonly controller?: RunController;
  /**
   * True if every visit to a hub opens a connection. Default: visits in a long step use no connection while nothing changes, unless a
   * controller watches.
   */
  readonly allByWire?: boolean;
  /** True if the scenario may start programs on this computer. Default: false; a scenario with programs then fails. */
  readonly allowPrograms?: boolean;
  /** Real milliseconds after which the run ends a program that never sleeps. Default: 60,000. */
  readonly busyLimitMs?: number;
}

/**
 * Runs a scenario from its first instant to its last and computes its verdict. Never rejects. The verdict is `fail` if the author made a
 * mistake, and `skipped` if a program is missing. It is `unknown` if a program crashed or Rehearsal has a bug. In these three cases, the
 * run states the reason and has the history until then.
 */
export async function playScenario(scenario: Scenario, settings: PlaySettings): Promise<Run> {
  const startedAt = wallMs();
  const broken: BrokenPart[] = [];
  let open: OpenWorld | undefined;
  let stopped: Verdict | undefined;
  try {
    const { seed, startCloud, missingParts = 'skip', sabotage, controller, allByWire = false } = settings;
    const programs = programsIn(scenario);
    if (programs.length > 0 && settings.allowPrograms !== true) throw new StepProblem(programsRefused(programs));
    const { file } = scenario;
    const onBroken = (part: BrokenPart): void => void broken.push(part);
    open = await createWorld(scenario, seed, startCloud, missingParts, {
      sabotage,
      controller,
      allByWire,
      onBroken,
      file,
    });
    const { world } = open;
    if (settings.busyLimitMs !== undefined) world.devices.programs.busyLimitMs = settings.busyLimitMs;
    await world.clock.run(() => playTimeline(world, scenario, controller));
  } catch (error) {
    stopped = verdictOn(error);
  }
  try {
    await open?.close();
  } catch (error) {
    stopped ??= verdictOn(error);
  }
  stopped = verdictOnParts(broken) ?? stopped ?? verdictOnFleets(open?.world.history.events() ?? []);
  return runOf(scenario, settings, open, stopped, wallMs() - startedAt);
}

async function playTimeline(world: World, scenario: Scenario, controller: RunController | undefined): Promise<void> {
  const console = controller === undefined ? undefined : openAttackerConsole(world, scenario);
  const { cloud, pki } = world;
  putHubAuthorities(cloud.settings.hubs, { cloud, authorities: pki.authorities });
  enrollGroups(cloud.settings.enrollmentGroups, {
    cloud,
    webhook: cloud.webhook,
    authorities: pki.authorities,
  });
  followSecrets(world);
  await orderFaults(world);
  for (const step of scenario.timeline) {
    controller?.beforeWait(step);
    const { after } = step;
    if (after !== undefined) {
      await atStep(scenario, step, controller, () =>
        world.clock.sleep(addDuration(world.clock.now(), after) - world.clock.now()),
      );
    }
    if (console !== undefined) await controller?.beforeStep(step, console);
    world.history.record({ kind: 'step-started', step: step.index, name: step.name, line: step.line });
    await playStep(world, scenario, step, controller);
    for (const station of world.factory.stations.values()) world.factory.secrets.clearStation(station);
    world.history.record({ kind: 'step-ended', step: step.index });
  }
  if (console !== undefined) await controller?.beforeStep(undefined, console);
}

async function playStep(
  world: World,
  scenario: Scenario,
  step: Step,
  controller: RunController | undefined,
): Promise<void> {
  const there = worldAt(world, step.at === undefined ? undefined : world.factory.stations.get(step.at));
  await atStep(scenario, step, controller, () => step.run(there));
}

/** Runs a step. If the timeline caused an error, adds the file, the line and the name of the step to the message. */
async function atStep(
  { file }: Scenario,
  step: Step,
  controller: RunController | undefined,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    // A timeline can also cause an unexpected TPM response, or a date outside the calendar.
    const isOfTimeline =
      error instanceof StepProblem || error instanceof UnexpectedTpmFailure || error instanceof OutsideCalendar;
    if (!isOfTimeline) throw error;
    controller?.onImpossible?.(step, error instanceof StepProblem ? error : new StepProblem(error.message));
    throw new StepProblem(`${file}:${step.line}:${step.column} ${step.name}: ${error.message}`, {
      cause: error,
    });
  }
}

function runOf(
  scenario: Scenario,
  settings: PlaySettings,
  open: OpenWorld | undefined,
  stopped: Verdict | undefined,
  wall: number,
): Run {
  const world = open?.world;
  const events = world?.history.events() ?? [];
  const nameByHost = new Map(allHubNames(scenario.cloud).map((name) => [hubHost(name), name]));
  const observed = observeRegistrations(events, nameByHost);
  const stepVerdicts = stopped === undefined ? judgeSafely(scenario, events, nameByHost) : [];
  const start = parseInstant(scenario.start) ?? 0;
  return {
    schemaVersion,
    ...identityOf(scenario),
    seed: settings.seed,
    ...defined({ sabotage: settings.sabotage }),
    ...(programsIn(scenario).length > 0 ? { startsPrograms: true as const } : {}),
    versions: settings.versions,
    fidelity: { ...defaultFidelity, ...(scenario.cloud.fidelity as Partial<FidelitySettings>) },
    verdict: stopped ?? mergeVerdicts(stepVerdicts),
    warnings: open?.warnings() ?? [],
    stepVerdicts,
    registrations: observed.map(({ registration }) => registration),
    lines: lineReports(events),
    drills: events.flatMap((event) => (event.kind === 'drill' ? [drillOf(event)] : [])),
    signals: lookForSignals(events, world && auditedIn(world)),
    secrets: flagHoldings(secretHoldings(events)),
    audits: world === undefined ? [] : auditsOf(world),
    virtualDuration: durationBetween(start, world?.clock.now() ?? start),
    wallMs: Math.round(wall),
    history: events,
    ...defined({ certificates: certificatesOf(world) }),
  };
}

/** Computes the verdict of a history. A bug in `judge` makes the run inconclusive (`unknown`), never a pass. */
function judgeSafely(
  { timeline }: Scenario,
  events: readonly HistoryEvent[],
  hubNames: ReadonlyMap<string, string>,
): readonly StepVerdict[] {
  try {
    return judge(timeline, events, hubNames);
  } catch (error) {
    const [step] = timeline;
    if (step === undefined) return [];
    const { name, line, column } = step;
    const place = { step: 0, name, device: '', line, column };
    return [{ ...verdictOn(error), ...place, expected: '', happened: '', assertions: [], trace: [] }];
  }
}

/** Returns the certificates that the events of a run refer to; undefined if no event refers to a certificate. */
function certificatesOf(world: World | undefined): Run['certificates'] | undefined {
  if (world === undefined) return undefined;
  const found = certificatesIn(world.history.events(), world.history.certificates);
  return Object.keys(found).length === 0 ? undefined : found;
}

function auditsOf(world: World): Run['audits'] {
  return [...world.factory.trails.keys()].map((station) => ({ station, lines: trailHandedOut(world, station) ?? [] }));
}

function drillOf({ kind: _kind, at: _at, ...drill }: HistoryEvent & { kind: 'drill' }): Drill {
  return drill;
}
