import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { anAzure, onCluster, rollStarted, version, webhook } from './an-azure';
import { Receiver, welcoming } from './receiver';

describe('Event Grid after a restart', () => {
  it('delivers what the world had emitted', async () => {
    await using folder = temporaryFolder();
    await using receiver = await Receiver.start(welcoming);
    {
      await using azure = await anAzure(folder.path);
      await azure.subscribe(onCluster, webhook(receiver.url));
      azure.world.emit(rollStarted());
    }

    await using azure = await anAzure(folder.path);
    azure.world.clock.advance(0);
    await azure.grid.quiet();

    expect(receiver.received.map(({ method }) => method)).toEqual(['OPTIONS', 'POST']);
    expect(azure.grid.pending).toEqual([]);
  });

  it('asks an endpoint again that had not answered', async () => {
    await using folder = temporaryFolder();
    await using receiver = await Receiver.start(() => undefined);
    const before = await anAzure(folder.path);
    const put = await before.arm('PUT', `${onCluster}?api-version=${version}`, {
      properties: webhook(receiver.url),
    });
    await before[Symbol.asyncDispose]();
    receiver.answer(welcoming);

    await using azure = await anAzure(folder.path);
    const ended = await azure.operationEnd(put.headers.get('azure-asyncoperation') ?? '');

    expect(ended).toMatchObject({ status: 'Succeeded' });
  });
});

function temporaryFolder(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'event-grid-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
