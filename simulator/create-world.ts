import { Agenda } from './agenda';
import { Behaviour, defaultBehaviour } from './behaviour';
import type { SimulatedClock } from './clock';
import { SigningKey } from './entra/signing-key';
import type { Journal } from './journal';
import { objectAt, textAt } from './json';
import type { JsonObject } from './json';
import { ObjectStore } from './kubernetes/objects/object-store';
import { ProbeStore } from './kubernetes/tokens/probe-store';
import { TokenLog } from './kubernetes/tokens/token-log';
import { Operations } from './operation-store';
import { endOperation } from './operations';
import type { ResourceProvider } from './provider';
import { tableOf } from './resource-graph/graph-tables';
import { ResourceHistory } from './resource-history';
import { ResourceStore } from './resource-store';
import type { Resource } from './resource-store';
import { seeded } from './seed';
import type { Seed } from './seed';
import type { Effect, OperationKind, World, WorldEvent } from './world';

export interface WorldOptions {
  readonly journal: Journal;
  readonly clock: SimulatedClock;
  readonly providers: readonly ResourceProvider[];
  readonly emit: (event: WorldEvent) => void;
  readonly outageEnd?: (location: string) => number | undefined;
  readonly life?: Life;
}

/** What happens by itself inside of clusters. */
export interface Life {
  readonly effects: Readonly<Record<string, Effect>>;
  /** Follows the changes of a world from now on. */
  attach(world: World): void;
  /** The world that it followed is gone. */
  forget(): void;
  /** The behaviour of a world is what it has not been before. */
  behave(world: World): void;
}

/** The world behind the control surface: it can be filled, emptied and described. */
export interface ManagedWorld extends World {
  readonly seedNumber: number;
  /** Takes up what an earlier process left. False when there was nothing. */
  restore(): boolean;
  replace(content: WorldContent): void;
  behave(behaviour: Behaviour): void;
}

export interface WorldContent {
  readonly seed: number;
  readonly tenantId: string;
  readonly behaviour: Behaviour;
  readonly resources: Iterable<Resource>;
  /** When it began, in epoch milliseconds; now, unless given. */
  readonly since?: number | undefined;
}

export function createWorld(options: WorldOptions): ManagedWorld {
  return new LiveWorld(options);
}

interface WorldIdentity {
  readonly seed: number;
  readonly tenantId: string;
  readonly behaviour: Behaviour;
  /** How many GUIDs of the sequence are used up. */
  readonly guids: number;
  /** Epoch milliseconds at which the world was filled. */
  readonly since: number;
}

class LiveWorld implements ManagedWorld {
  readonly clock: SimulatedClock;
  readonly resources: ResourceStore;
  readonly objects: ObjectStore;
  readonly probes: ProbeStore;
  readonly tokenLog: TokenLog;
  readonly key: SigningKey;
  readonly history: ResourceHistory;
  readonly operations: Operations;
  private readonly journal: Journal;
  private readonly agenda: Agenda;
  private readonly kinds: ReadonlyMap<string, OperationKind>;
  private readonly outage: (location: string) => number | undefined;
  private readonly publish: (event: WorldEvent) => void;
  private readonly life: Life | undefined;
  private identity: WorldIdentity = {
    seed: 1,
    tenantId: '',
    behaviour: defaultBehaviour,
    guids: 0,
    since: 0,
  };
  private random: Seed = seeded(1);

  constructor({ journal, clock, providers, emit, outageEnd, life }: WorldOptions) {
    const effects = new Map(
      [...providers.map((one) => one.effects), life?.effects].flatMap((own = {}) =>
        Object.entries(own),
      ),
    );
    this.kinds = new Map(providers.flatMap(({ operations = {} }) => Object.entries(operations)));
    this.journal = journal;
    this.clock = clock;
    this.publish = emit;
    this.outage = outageEnd ?? (() => undefined);
    this.history = new ResourceHistory(journal, clock, (one) => tableOf(one) !== undefined);
    this.resources = new ResourceStore((key, resource, before) => {
      journal.put('resource', key, resource);
      this.history.note(before, resource);
    });
    this.objects = new ObjectStore(journal);
    this.probes = new ProbeStore(journal);
    this.tokenLog = new TokenLog(journal);
    this.key = new SigningKey(journal);
    this.operations = new Operations(journal);
    this.agenda = new Agenda(clock, journal, (name, details) => {
      effectNamed(effects, name)(details, this);
    });
    this.life = life;
    life?.attach(this);
  }

  get tenantId(): string {
    return this.identity.tenantId;
  }

  get since(): number {
    return this.identity.since;
  }

  get seed(): Seed {
    return this.random;
  }

  get seedNumber(): number {
    return this.identity.seed;
  }

  get behaviour(): Behaviour {
    return this.identity.behaviour;
  }

  guid(): string {
    this.become({ guids: this.identity.guids + 1 });
    return this.random.guid('guid', this.identity.guids);
  }

  later(time: number, effect: string, details: JsonObject): void {
    this.agenda.add(time, effect, details);
  }

  operationKind(name: string): OperationKind {
    const found = this.kinds.get(name);
    if (found === undefined) throw new Error(`No provider has an operation named ${name}.`);
    return found;
  }

  outageEnd(location: string): number | undefined {
    return this.outage(location);
  }

  emit(event: WorldEvent): void {
    this.publish(event);
  }

  behave(behaviour: Behaviour): void {
    this.become({ behaviour });
    this.life?.behave(this);
  }

  restore(): boolean {
    const saved = new Map(this.journal.load('meta')).get('world');
    if (saved === undefined) return false;
    // A setting that is younger than the world has its default.
    const behaviour = Behaviour.parse(saved['behaviour']);
    const since = Number(saved['since'] ?? this.clock.now());
    this.identity = { ...this.identity, ...saved, behaviour, since };
    if (saved['since'] === undefined) this.become({ since });
    this.random = seeded(this.identity.seed);
    for (const [, found] of this.journal.load('resource')) {
      this.resources.restore(found as Resource);
    }
    this.objects.restore();
    this.probes.restore();
    this.tokenLog.restore();
    this.history.restore(this.resources);
    this.agenda.restore();
    this.life?.behave(this);
    return true;
  }

  replace({ resources, ...content }: WorldContent): void {
    const { seed, tenantId, behaviour, since = this.clock.now() } = content;
    this.life?.forget();
    this.agenda.clear();
    this.operations.clear();
    this.objects.clear();
    this.probes.clear();
    this.tokenLog.clear();
    this.become({ seed, tenantId, behaviour, since });
    this.random = seeded(seed);
    this.life?.behave(this);
    this.history.startOver(() => {
      for (const { id } of [...this.resources.all()]) this.resources.delete(id);
      for (const resource of resources) this.resources.put(resource);
    });
  }

  private become(change: Partial<WorldIdentity>): void {
    this.identity = { ...this.identity, ...change };
    this.journal.put('meta', 'world', {
      ...this.identity,
      behaviour: { ...this.identity.behaviour },
    });
  }
}

const builtInEffects: Readonly<Record<string, (details: JsonObject, world: ManagedWorld) => void>> =
  {
    behave: ({ changes }, world) => {
      world.behave(Behaviour.parse({ ...world.behaviour, ...objectAt(changes) }));
    },
    endOperation: (details, world) => {
      endOperation(world, textAt(details, 'id') ?? '');
    },
  };

function effectNamed(
  effects: ReadonlyMap<string, Effect>,
  name: string,
): (details: JsonObject, world: ManagedWorld) => void {
  const found = builtInEffects[name] ?? effects.get(name);
  if (found === undefined) throw new Error(`No provider has an effect named ${name}.`);
  return found;
}
