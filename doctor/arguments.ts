import { parseArgs } from 'node:util';

import { capabilities } from '../domain/permissions';
import type { Capability } from '../domain/permissions';

export const usage = `npm run doctor -- [options]
  --settings FILE  settings in the form of local.settings.json, which wins over the environment
  --need A,B       capabilities that have to be granted, or all; the others are listed (report)
  --clusters       whether the API server of each cluster can be reached, too
  --json           the checks as JSON

Looks at an installation and changes nothing. Without --settings: the environment, and local.settings.json if there is one.
As whoever is signed in with the Azure CLI, or on Azure as the app's own identity. Ends with 1 when something is wrong.

Capabilities: ${Object.keys(capabilities).join(', ')}`;

export interface DoctorOptions {
  readonly settings: string | undefined;
  readonly need: readonly Capability[];
  /** Also tries the way to each API server. */
  readonly clusters: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws Error of one line that names the option. */
export function parseDoctor(args: readonly string[]): DoctorOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      settings: { type: 'string' },
      need: { type: 'string', default: 'report' },
      clusters: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    settings: values.settings,
    need: needed(values.need),
    clusters: values.clusters,
    json: values.json,
    help: values.help,
  };
}

function needed(text: string): readonly Capability[] {
  const known = Object.keys(capabilities) as Capability[];
  if (text === 'all') return known;
  return text.split(',').map((name) => {
    const found = known.find((each) => each === name.trim());
    if (found) return found;
    throw new Error(`--need has '${name}'; it must be all, or some of ${known.join(', ')}.`);
  });
}
