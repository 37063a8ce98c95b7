import { createHash, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Seed } from '../../seed';
import { certificate } from './certificate';
import type { CertificateRequest, Subject } from './certificate';

/** A certificate and its key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/**
 * The certificate authority of one cluster. Everything follows from the seed, so that a kubeconfig stays valid when the
 * simulated Azure is started again, and nothing of it has to be kept.
 */
export class Authority {
  readonly certificate: string;
  private readonly subject: Subject = { commonName: 'ca' };
  private readonly key: KeyObject;
  private readonly secret: (purpose: string) => Buffer;

  constructor(seed: Seed, clusterId: string) {
    const id = clusterId.toLowerCase();
    this.secret = (purpose) => {
      const halves = [1, 2].map((half) => seed.guid('kubernetes', id, purpose, half));
      return createHash('sha256').update(halves.join()).digest();
    };
    this.key = this.keyFor('authority');
    this.certificate = this.issue({ subject: this.subject, key: this.key, use: 'authority' });
  }

  server(dnsNames: readonly string[]): Identity {
    const key = this.keyFor('server');
    const subject = { commonName: 'apiserver' };
    const addresses = ['127.0.0.1'];
    return {
      certificate: this.issue({ subject, key, use: 'server', dnsNames, addresses }),
      key: pemOf(key),
    };
  }

  /** AKS hands out one certificate, `masterclient` of `system:masters`, with every local account. */
  client(): Identity {
    const key = this.keyFor('client');
    const subject = { commonName: 'masterclient', organization: 'system:masters' };
    return { certificate: this.issue({ subject, key, use: 'client' }), key: pemOf(key) };
  }

  /** Static token of a local account. */
  token(account: string): string {
    return this.secret(`token ${account}`).toString('hex');
  }

  private issue(request: Omit<CertificateRequest, 'issuer' | 'signer'>): string {
    return certificate({ ...request, issuer: this.subject, signer: this.key });
  }

  private keyFor(purpose: string): KeyObject {
    return createPrivateKey({
      key: Buffer.concat([ed25519Prefix, this.secret(`key ${purpose}`)]),
      format: 'der',
      type: 'pkcs8',
    });
  }
}

/** What stands before the 32 bytes of a private key in PKCS #8: RFC 8410, 7. */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function pemOf(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
