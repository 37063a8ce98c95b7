import { immutableCauses } from '../checks/immutable';
import { invalidCauses } from '../checks/valid';
import { isComplete, withDefaults } from '../defaults/defaults';
import { nameOf, without } from '../object-parts';
import type { KubeObject } from '../resource-table';
import { ownFields } from './ownership';
import { admittedPod, isPod } from './pods';
import { invalid } from './write-context';
import type { WriteContext, Written } from './write-context';

/** A new object as it would be kept: complete, admitted and checked; nothing is changed. */
export function prepareNew(context: WriteContext, asked: KubeObject): Written {
  const complete = withDefaults(context, withFirstStatus(context, asked));
  const causes = invalidCauses(context, complete);
  if (causes.length > 0) return { refused: invalid(context, nameOf(asked), causes) };
  const admitted = isPod(context) ? admittedPod(context, complete) : { pod: complete };
  if ('refused' in admitted) return admitted;
  const object = withDefaults(context, admitted.pod);
  return { object: ownFields(context, undefined, object), status: 201 };
}

/** A changed object as it would be kept. What was not complete before stays as its writer has it. */
export function prepareChanged(
  context: WriteContext,
  before: KubeObject,
  asked: KubeObject,
): Written {
  const complete = isComplete(context, before) ? withDefaults(context, asked) : asked;
  const causes = [
    ...immutableCauses(context, before, complete),
    ...invalidCauses(context, complete),
  ];
  if (causes.length > 0) return { refused: invalid(context, nameOf(before), causes) };
  return { object: ownFields(context, before, complete), status: 200 };
}

/** Nobody brings a status along where it is written by itself. */
function withFirstStatus({ resource, group }: WriteContext, object: KubeObject): KubeObject {
  if (!resource.subresources.includes('status')) return object;
  const { metadata } = object;
  const rest: KubeObject = { ...without(object, 'status'), metadata };
  if (group.group !== '') return rest;
  if (resource.name === 'pods')
    return { ...rest, status: { phase: 'Pending', qosClass: 'BestEffort' } };
  return resource.name === 'namespaces' ? { ...rest, status: { phase: 'Active' } } : rest;
}
