import { z } from 'zod';

import { Behaviour } from '../behaviour';
import type { CallLog } from '../call-log';
import type { EventGrid } from '../event-grid/event-grid';
import type { ManagedWorld } from '../create-world';
import { ServiceAccountTokenRequest, serviceAccountToken } from '../entra/service-account-token';
import type { SigningKey } from '../entra/signing-key';
import type { Faults } from '../faults/faults';
import { FaultRule } from '../faults/rule';
import { isObject } from '../json';
import type { Json, JsonObject } from '../json';
import {
  clusterContents,
  ClusterContents,
  contentsIn,
  loadClusters,
} from '../kubernetes/objects/cluster-content';
import { armError } from '../provider';
import { parseWith } from '../scenario';
import type { RawAnswer, RawRequest } from '../wire';
import { deliver, DeliverCommand, keptEvents } from './deliver-events';
import { withKeys, withoutKeys } from './hidden-keys';
import { parseWorld, tenantIn } from './world-document';

export interface ControlParts {
  readonly world: ManagedWorld;
  readonly key: SigningKey;
  readonly grid: EventGrid;
  readonly faults: Faults;
  readonly calls: CallLog;
}

type Command = (
  parts: ControlParts,
  input: { body: Json | undefined; query: URLSearchParams },
) => Json | Promise<Json>;

const ClockCommand = z
  .strictObject({
    /** A hundred years at most: time does not come back. */
    advanceSeconds: z.number().min(0).max(3_200_000_000).optional(),
    /** `real` runs with the machine, `accelerated` at the speed, `stepped` only when it is advanced. */
    mode: z.enum(['real', 'accelerated', 'running', 'stepped']).optional(),
    /** Simulated seconds in one real second. */
    speed: z.number().positive().max(100_000).optional(),
  })
  .refine((command) => Object.keys(command).length > 0, 'needs advanceSeconds, mode or speed');

const commands: Readonly<Record<string, Command>> = {
  'GET world': ({ world }) =>
    Object.fromEntries(
      [...world.resources.all()].map((one) => [one.id.toLowerCase(), withoutKeys(one)]),
    ),
  'PUT world': ({ world, grid }, { body }) => {
    const tenantId = tenantIn(body) ?? world.tenantId;
    const resources = parseWorld(body, tenantId).map((one) => withKeys(one, world.resources));
    const { behaviour, seedNumber: seed } = world;
    grid.clear();
    const contents = parseWith(ClusterContents, contentsIn(body), 'kubernetes');
    world.replace({ seed, tenantId, behaviour, resources });
    loadClusters(contents, world);
    return { resources: resources.length };
  },
  'GET kubernetes': ({ world }) => clusterContents(world),
  'PUT kubernetes': ({ world }, { body }) => {
    const contents = parseWith(ClusterContents, body, 'kubernetes');
    loadClusters(contents, world);
    return { clusters: Object.keys(contents).length };
  },
  'GET behaviour': ({ world }) => ({ ...world.behaviour }),
  'PATCH behaviour': ({ world }, { body }) => {
    const merged = { ...world.behaviour, ...(isObject(body) && body) };
    world.behave(parseWith(Behaviour, merged, 'behaviour'));
    return { ...world.behaviour };
  },
  'GET calls': ({ calls }, { query }) => {
    if (query.get('summary') === 'true') return calls.summary();
    return calls.list(Number(query.get('after') ?? 0), Number(query.get('limit') ?? 1_000_000));
  },
  'DELETE calls': ({ calls }) => {
    calls.clear();
    return {};
  },
  'GET clock': ({ world }) => clockState(world),
  'POST clock': ({ world }, { body }) => {
    const { advanceSeconds, mode, speed } = parseWith(ClockCommand, body, 'clock command');
    const wanted = mode === 'real' ? 1 : speed;
    if (wanted !== undefined) world.clock.setSpeed(wanted);
    if (mode !== undefined) world.clock.setMode(mode === 'stepped' ? 'stepped' : 'running');
    if (advanceSeconds !== undefined) world.clock.advance(advanceSeconds * 1000);
    return clockState(world);
  },
  'GET events': ({ grid }) => deliveries(grid),
  'GET events/kept': ({ grid }, { query }) => keptEvents(grid, query),
  'POST events/deliver': async ({ world, grid }, { body }) => {
    const answers = await deliver(parseWith(DeliverCommand, body, 'deliver command'), {
      world,
      grid,
    });
    return { ...deliveries(grid), ...answers };
  },
  'POST tokens': ({ world, key }, { body }) =>
    serviceAccountToken(parseWith(ServiceAccountTokenRequest, body, 'token request'), {
      world,
      key,
    }),
  'GET probes': ({ world }) => world.probes.report(),
  'DELETE probes': ({ world }) => {
    world.probes.reset();
    return {};
  },
  'GET faults': ({ faults }) => JSON.parse(JSON.stringify(faults.rules)) as Json,
  'POST faults': ({ faults }, { body }) => {
    const rules = parseWith(z.array(FaultRule), body, 'list of fault rules');
    faults.replace(rules);
    return { rules: rules.length };
  },
};

/** Answers `/_simulator/…`: looks into the world and changes it in ways Azure has no API for. */
export function controlSurface(parts: ControlParts): (request: RawRequest) => Promise<RawAnswer> {
  return async ({ method, url, body }) => {
    const [path = '', search = ''] = url.split('?');
    const name = `${method} ${path.slice('/_simulator/'.length).replace(/\/$/, '')}`;
    const command = commands[name];
    if (command === undefined) {
      const known = Object.keys(commands).join(', ');
      return armError(404, 'NotFound', `There is no ${name}; known are ${known}.`);
    }
    parts.world.clock.catchUp();
    try {
      const parsed = body === '' ? undefined : (JSON.parse(body) as Json);
      const query = new URLSearchParams(search);
      return { status: 200, body: await command(parts, { body: parsed, query }) };
    } catch (error) {
      return armError(400, 'BadRequest', error instanceof Error ? error.message : String(error));
    }
  };
}

function clockState({ clock }: ManagedWorld): Json {
  return { now: new Date(clock.now()).toISOString(), mode: clock.mode, speed: clock.speed };
}

function deliveries({ pending, deadLetters }: EventGrid): JsonObject {
  return { pending: [...pending], deadLetters: [...deadLetters] };
}
