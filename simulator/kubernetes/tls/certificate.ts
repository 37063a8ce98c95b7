import { createHash, createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import {
  bitString,
  integer,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  time,
  truth,
  utf8,
} from './der';

export interface Subject {
  readonly commonName: string;
  readonly organization?: string;
}

export interface CertificateRequest {
  readonly subject: Subject;
  readonly issuer: Subject;
  /** Key of the subject. */
  readonly key: KeyObject;
  /** Key of the issuer. */
  readonly signer: KeyObject;
  readonly use: 'authority' | 'server' | 'client';
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

/** Clients judge certificates by the machine's time, so they are valid at any time. */
const validity = ['2020-01-01T00:00:00Z', '2119-12-31T23:59:59Z'] as const;

const ids = {
  ed25519: '1.3.101.112',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  keyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  alternativeNames: '2.5.29.17',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
} as const;

/** An X.509 certificate (RFC 5280) with Ed25519 keys (RFC 8410): equal requests give equal bytes. */
export function certificate(request: CertificateRequest): string {
  const { subject, issuer, key, signer } = request;
  const algorithm = sequence(oid(ids.ed25519));
  const serial = createHash('sha256').update(publicKey(key)).update(subject.commonName).digest();
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const content = sequence(
    tagged(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial.subarray(0, 16)),
    algorithm,
    name(issuer),
    sequence(...validity.map((moment) => time(moment))),
    name(subject),
    publicKey(key),
    tagged(0xa3, sequence(...extensions(request))),
  );
  return pem(sequence(content, algorithm, bitString(sign(null, content, signer))));
}

function extensions({ use, key, signer, ...names }: CertificateRequest): readonly Buffer[] {
  const isAuthority = use === 'authority';
  const alternatives = [
    ...(names.dnsNames ?? []).map((dns) => tagged(0x82, Buffer.from(dns))),
    ...(names.addresses ?? []).map((ip) => tagged(0x87, Buffer.from(ip.split('.').map(Number)))),
  ];
  return [
    critical(ids.basicConstraints, isAuthority ? sequence(truth()) : sequence()),
    critical(
      ids.keyUsage,
      isAuthority ? bitString(Buffer.from([0x06]), 1) : bitString(Buffer.from([0x80]), 7),
    ),
    extension(ids.keyIdentifier, octetString(keyIdentifier(key))),
    extension(ids.authorityKeyIdentifier, sequence(tagged(0x80, keyIdentifier(signer)))),
    ...(isAuthority ? [] : [extension(ids.extendedKeyUsage, sequence(oid(ids[use as 'server'])))]),
    ...(alternatives.length > 0
      ? [extension(ids.alternativeNames, sequence(...alternatives))]
      : []),
  ];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), octetString(value));
}

function critical(id: string, value: Buffer): Buffer {
  return sequence(oid(id), truth(), octetString(value));
}

function name({ commonName, organization }: Subject): Buffer {
  const part = (id: string, text: string): Buffer => set(sequence(oid(id), utf8(text)));
  return sequence(
    ...(organization === undefined ? [] : [part(ids.organization, organization)]),
    part(ids.commonName, commonName),
  );
}

function publicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' });
}

function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1').update(publicKey(key)).digest();
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
