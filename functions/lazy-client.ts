import type { DurableClient } from 'durable-functions';

/** A client that is made when it is first used: most answers need none, and making it takes a fifth of their time. */
export function lazyClient(make: () => DurableClient): DurableClient {
  let client: DurableClient | undefined;
  return new Proxy(Object.create(null) as DurableClient, {
    get: (_target, name) => {
      client ??= make();
      const member: unknown = Reflect.get(client, name);
      return typeof member === 'function' ? (member.bind(client) as unknown) : member;
    },
  });
}
