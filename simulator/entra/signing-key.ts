import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  generateKeyPairSync,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Journal } from '../journal';
import { textAt } from '../json';
import type { Json, JsonObject } from '../json';
import { encode, readJwt } from './jwt';

/**
 * The key that signs every token of this Azure, those of its clusters included. Made when it is first needed and kept
 * beside the world: tokens outlive a restart.
 */
export class SigningKey {
  private readonly journal: Journal;
  private made: KeyObject | undefined;
  private publicKey: KeyObject | undefined;
  private readonly verified = new Map<string, boolean>();

  constructor(journal: Journal) {
    this.journal = journal;
    const saved = new Map(journal.load('meta')).get('signing key');
    const pem = textAt(saved, 'pem');
    if (pem !== undefined) this.made = createPrivateKey(pem);
  }

  sign(claims: JsonObject): string {
    const signed = [{ alg: 'RS256', typ: 'JWT', kid: this.id }, claims].map(encode).join('.');
    const signature = createSign('RSA-SHA256').update(signed).sign(this.privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** Whether a token was signed with this key. */
  hasSigned(token: string): boolean {
    const known = this.verified.get(token);
    if (known !== undefined) return known;
    const jwt = readJwt(token);
    const valid =
      jwt?.header['alg'] === 'RS256' &&
      createVerify('RSA-SHA256').update(jwt.signed).verify(this.public, jwt.signature);
    if (this.verified.size > 1000) this.verified.clear();
    this.verified.set(token, valid);
    return valid;
  }

  /** The set of keys as an issuer publishes it. */
  get jwks(): JsonObject {
    const jwk = this.public.export({ format: 'jwk' }) as Record<string, Json>;
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: this.id }] };
  }

  private get id(): string {
    const der = this.public.export({ type: 'spki', format: 'der' });
    return createHash('sha256').update(der).digest('base64url').slice(0, 27);
  }

  private get public(): KeyObject {
    this.publicKey ??= createPublicKey(this.privateKey);
    return this.publicKey;
  }

  private get privateKey(): KeyObject {
    if (this.made === undefined) {
      this.made = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
      const pem = this.made.export({ type: 'pkcs8', format: 'pem' }).toString();
      this.journal.put('meta', 'signing key', { pem });
    }
    return this.made;
  }
}
