import { basename, dirname } from 'node:path';

import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import { routeOf } from './http-routes';

/** A function as `/admin/functions` shows it. */
export function describeFunction(
  appFunction: AppFunction,
  { origin, routePrefix }: { readonly origin: string; readonly routePrefix: string },
): Record<string, unknown> {
  const { name, file, disabled } = appFunction;
  const scriptFile = basename(file);
  const route = [routePrefix, routeOf(appFunction)].filter((part) => part !== '').join('/');
  return {
    name,
    script_root_path_href: null,
    script_href: `${origin}/admin/vfs/home/site/wwwroot/${scriptFile}`,
    config_href: null,
    test_data_href: `${origin}/admin/vfs/home/data/Functions/sampledata/${name}.dat`,
    href: `${origin}/admin/functions/${name}`,
    invoke_url_template: isTriggeredBy(appFunction, 'httpTrigger')
      ? `${origin}/${route.toLowerCase()}`
      : null,
    language: 'node',
    config: {
      name,
      entryPoint: '',
      scriptFile,
      language: 'node',
      functionDirectory: dirname(file),
      bindings: bindingsOf(appFunction),
    },
    files: null,
    test_data: '',
    isDisabled: disabled,
    isDirect: false,
    isProxy: false,
  };
}

/** The trigger first, then the other inputs, then the outputs. */
function bindingsOf({ metadata, trigger }: AppFunction): Record<string, unknown>[] {
  const rank = (name: string, direction: unknown): number =>
    name === trigger.name ? 0 : direction === 'out' ? 2 : 1;
  return Object.entries(metadata.bindings)
    .map(([name, binding]) => ({
      rank: rank(name, binding.direction),
      binding: { ...binding, name },
    }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ binding }) => binding);
}
