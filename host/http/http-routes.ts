import { type AppFunction, isTriggeredBy } from '../loading/function-metadata';
import type { FunctionErrors } from './function-errors';
import { parseTemplate, type RouteTemplate } from './route-template';

/** A function with the route under which it is called. */
export interface HttpRoute {
  readonly function: AppFunction;
  readonly template: RouteTemplate;
  /** Upper case */
  readonly methods: readonly string[];
}

export interface RouteMatch {
  readonly function: AppFunction;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Routes of all functions with an HTTP trigger, in the order of the functions. One whose route is
 * reserved or wrong is left out, with the reason in `errors`.
 */
export function toHttpRoutes(
  functions: readonly AppFunction[],
  routePrefix: string,
  errors: FunctionErrors,
): HttpRoute[] {
  return functions.flatMap((appFunction) => {
    if (!isTriggeredBy(appFunction, 'httpTrigger')) return [];
    try {
      return [toHttpRoute(appFunction, routePrefix)];
    } catch (error) {
      errors.set(appFunction.name, error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}

/** The route of a function as it was written; its name if none was. */
export function routeOf({ name, trigger }: AppFunction): string {
  const { route } = trigger;
  return typeof route === 'string' && route.trim() !== '' ? route : name;
}

function toHttpRoute(appFunction: AppFunction, routePrefix: string): HttpRoute {
  const route = routeOf(appFunction);
  if (/^\/*(?:admin|runtime)/i.test(route)) {
    throw new Error('The specified route conflicts with one or more built in routes.');
  }
  const { methods } = appFunction.trigger;
  return {
    function: appFunction,
    template: parseTemplate(routePrefix === '' ? route : `${routePrefix}/${route}`),
    methods: Array.isArray(methods) ? methods.map((method) => String(method).toUpperCase()) : [],
  };
}

/**
 * The first function whose method and template fit. There is no precedence: an earlier catch-all
 * wins over a later literal, as on Azure.
 */
export function findRoute(
  routes: readonly HttpRoute[],
  method: string,
  path: string,
): RouteMatch | undefined {
  for (const { function: appFunction, template, methods } of routes) {
    if (methods.length > 0 && !methods.includes(method)) continue;
    const params = template.match(path);
    if (params) return { function: appFunction, params };
  }
  return undefined;
}
