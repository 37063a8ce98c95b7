import type { EntityRecord } from '../durable/contract';
import { sendJsonText } from '../http/exchange';
import { continuationHeaders } from './continuation';
import { toInstanceJson } from './instance-json';
import { present, toBoolean } from './query';
import type { DurableRequest } from './request';

/**
 * Answers a list of instances whose ids begin with `@`: entities, which are instances with a name of
 * that form in the extension.
 */
export async function listEntitiesAsInstances(
  { api, exchange }: DurableRequest,
  prefix: string,
  top: number,
): Promise<void> {
  const [, name, keyPrefix = ''] = /^@([^@]+)@(.*)$/s.exec(prefix) ?? [];
  const page = await api.engine.listEntities(
    present({
      name: name?.toLowerCase(),
      fetchState: true,
      continuation: exchange.headers['x-ms-continuation-token'],
      top,
    }),
  );
  const input = toBoolean(exchange.query, 'showInput', true);
  const texts = page.entities
    .filter(({ key }) => key.startsWith(keyPrefix))
    .map((entity) => toInstanceJson(toInstance(entity), { input }));
  sendJsonText(exchange, 200, {
    text: `[${texts.join(',')}]`,
    headers: continuationHeaders(page.continuation),
  });
}

function toInstance({ name, key, state, lastOperationAt }: EntityRecord) {
  const id = `@${name}@${key}`;
  return {
    instanceId: id,
    name: id,
    executionId: '',
    runtimeStatus: 'Running' as const,
    input: JSON.stringify({ exists: true, state: state ?? null, sorter: {} }),
    customStatus: JSON.stringify({ entityExists: true }),
    createdAt: lastOperationAt,
    updatedAt: lastOperationAt,
  };
}
