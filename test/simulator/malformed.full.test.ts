import { sendMalformed } from './support/malformed';
import { drive } from './support/running';

describe('malformed requests in great number', () => {
  it('are answered in the form of an ARM error', async () => {
    await using azure = await drive();

    await expect(sendMalformed(azure, 10_000)).resolves.toBeUndefined();
  }, 300_000);
});
