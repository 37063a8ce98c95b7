import { clouds } from './clouds';
import type { CloudEndpoints } from './clouds';
import { eventsConnection, eventsQueueUri, isOnAzure, telemetryReceiver } from './platform';
import { schema } from './schema';
import type { SettingValues } from './schema';
import type { Setting } from './setting';

/** What a deployment sets; read once, when the app is loaded. */
export type Settings = Omit<SettingValues, keyof CloudEndpoints> & CloudEndpoints;

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with a setting: one sentence of cause, one next step. */
export interface SettingProblem {
  readonly name: string;
  readonly text: string;
}

export type Reading =
  | { readonly settings: Settings; readonly problems: readonly [] }
  | { readonly settings: undefined; readonly problems: readonly SettingProblem[] };

/** @throws Error of one line: the first thing that is wrong. */
export function parseSettings(environment: Environment): Settings {
  const { settings, problems } = readSettings(environment);
  if (settings) return settings;
  throw new Error(problems[0]?.text);
}

/** The settings, or everything that is wrong with them. An empty text counts as not set. */
export function readSettings(environment: Environment): Reading {
  const problems: SettingProblem[] = [];
  const entries = Object.entries<Setting<unknown>>(schema).map(([key, setting]) => {
    const value = valueOf(setting, environment);
    if (value instanceof Error) problems.push({ name: setting.name, text: value.message });
    return [key, value];
  });
  if (problems.length > 0) return { settings: undefined, problems };
  const settings = withCloud(Object.fromEntries(entries) as SettingValues);
  const contradictions = contradictionsIn(settings, environment);
  return contradictions.length > 0
    ? { settings: undefined, problems: contradictions }
    : { settings, problems: [] };
}

function valueOf(setting: Setting<unknown>, environment: Environment): unknown {
  const { name, form, example, absent } = setting;
  const text = environment[name]?.trim() ?? '';
  if (text === '') {
    if (absent === 'nothing') return undefined;
    if (absent !== 'needed') return setting.parse(absent.text);
    return new Error(`Setting ${name} is missing. Set it to ${form}, such as ${example}.`);
  }
  try {
    const value = setting.parse(text);
    return value ?? new Error(`Setting ${name} is '${oneLine(text)}'. Set it to ${form}.`);
  } catch (error) {
    const reason = oneLine(error instanceof Error ? error.message : String(error));
    return new Error(`Setting ${name}: ${reason.replace(/\.$/, '')}. Set it to ${form}.`);
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function withCloud(values: SettingValues): Settings {
  const { armEndpoint, graphEndpoint, authority } = clouds[values.cloud];
  return {
    ...values,
    armEndpoint: values.armEndpoint ?? armEndpoint,
    graphEndpoint: values.graphEndpoint ?? graphEndpoint,
    authority: values.authority ?? authority,
  };
}

/** Settings that are right one by one, and cannot be right together or in this place. */
function contradictionsIn(settings: Settings, environment: Environment): SettingProblem[] {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  const found: SettingProblem[] = [];
  if (settings.records.kind === 'sqlite' && isOnAzure(environment)) {
    const name = schema.records.name;
    const cause = `Setting ${name} names a file, and Azure keeps none when an instance ends.`;
    found.push({ name, text: `${cause} Set it to tables:<URI of a table service>.` });
  }
  if (settings.eventDelivery === 'queue' && !isSet(eventsQueueUri) && !isSet(eventsConnection)) {
    const cause = `Setting ${eventsQueueUri} is missing, and ${schema.eventDelivery.name} is queue.`;
    const next = 'Set it to the URI of the queue service with the queue steward-events.';
    found.push({ name: eventsQueueUri, text: `${cause} ${next}` });
  }
  if (settings.telemetry === 'opentelemetry' && !isSet(telemetryReceiver)) {
    const cause = `Setting ${telemetryReceiver} is missing, and ${schema.telemetry.name} is opentelemetry.`;
    const text = `${cause} Set it to the address of a receiver, or ${schema.telemetry.name} to none.`;
    found.push({ name: telemetryReceiver, text });
  }
  return found;
}
