import { objectAt, objectsAt, textAt } from '../../json';
import type { Json, JsonObject } from '../../json';

/** Images may be mirrored: what counts is the end of the path. */
const nmi = /aad-pod-identity\/nmi[:@]/;
const mic = /aad-pod-identity\/mic[:@]/;

export const isNmi = (podOrTemplate: JsonObject | undefined): boolean => has(podOrTemplate, nmi);
export const isMic = (podOrTemplate: JsonObject | undefined): boolean => has(podOrTemplate, mic);

function has(podOrTemplate: JsonObject | undefined, image: RegExp): boolean {
  return containers(podOrTemplate).some((one) => image.test(textAt(one, 'image') ?? ''));
}

function containers(podOrTemplate: JsonObject | undefined): readonly JsonObject[] {
  return objectsAt(podOrTemplate, 'spec', 'containers');
}

/** Arguments of all containers. */
export function argumentsOf(podOrTemplate: JsonObject): readonly string[] {
  return containers(podOrTemplate)
    .flatMap(({ args }) => (Array.isArray(args) ? (args as readonly Json[]) : []))
    .filter((one) => typeof one === 'string');
}

/** Whether pods, bindings and identities must share a namespace by the arguments or the environment. */
export function isNamespaced(podOrTemplate: JsonObject): boolean {
  const byArgument = argumentsOf(podOrTemplate).some((one) =>
    /^--forceNamespaced(=true)?$/i.test(one),
  );
  const byEnvironment = containers(podOrTemplate).some((container) =>
    objectsAt(container, 'env').some(
      (one) => one['name'] === 'FORCENAMESPACED' && textAt(one, 'value')?.toLowerCase() === 'true',
    ),
  );
  return byArgument || byEnvironment;
}

/** Whether NMI finds identities by itself, without MIC. */
export function isManagedMode(podOrTemplate: JsonObject): boolean {
  return argumentsOf(podOrTemplate).includes('--operation-mode=managed');
}

export function templateOf(object: JsonObject): JsonObject {
  return objectAt(object, 'spec', 'template');
}
