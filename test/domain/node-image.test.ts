import fc from 'fast-check';

import { compareImages, imageFamily } from '../../domain/node-image';

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const number = fc.integer({ min: 0, max: 99_999 });
const linuxFamily = fc.constantFrom(
  'AKSUbuntu-2204gen2containerd',
  'AKSUbuntu-2404gen2arm64containerd',
  'AKSAzureLinux-V3gen2',
);
const windowsFamily = fc.constantFrom(
  'AKSWindows-2022-containerd',
  'AKSWindows-2025-containerd-gen2',
);
const linux = fc
  .tuple(linuxFamily, digits(6), digits(2), number)
  .map(([family, month, day, patch]) => `${family}-${month}.${day}.${patch}`);
const windows = fc
  .tuple(windowsFamily, number, number, digits(6))
  .map(([family, build, revision, date]) => `${family}-${build}.${revision}.${date}`);
const image = fc.oneof(linux, windows, fc.string());

const mirrored = { current: 'current', stale: 'ahead', ahead: 'stale' } as const;

describe('compareImages', () => {
  it.each([
    ['202609.23.0', '202611.11.0', 'stale'],
    ['202611.11.0', '202609.23.0', 'ahead'],
    ['202611.11.0', '202611.11.0', 'current'],
    ['202611.03.0', '202611.11.0', 'stale'],
    ['202611.11.9', '202611.11.10', 'stale'],
    ['202512.31.0', '202601.01.0', 'stale'],
    ['202611.11.0-2026.11.12', '202611.11.0', 'current'],
  ])('finds %s against %s %s', (current, latest, expected) => {
    const family = 'AKSUbuntu-2204gen2containerd';

    expect(compareImages(`${family}-${current}`, `${family}-${latest}`)).toBe(expected);
  });

  it('puts the date of a Windows image before its build number', () => {
    expect(
      compareImages(
        'AKSWindows-2022-containerd-20348.4000.250115',
        'AKSWindows-2022-containerd-20348.3207.250214',
      ),
    ).toBe('stale');
  });

  it.each([
    [
      'another distribution',
      'AKSUbuntu-2204gen2containerd-202609.23.0',
      'AKSUbuntu-2404gen2containerd-202611.11.0',
    ],
    [
      'another architecture',
      'AKSUbuntu-2204gen2containerd-202609.23.0',
      'AKSUbuntu-2204gen2arm64containerd-202611.11.0',
    ],
    [
      'Windows',
      'AKSUbuntu-2204gen2containerd-202609.23.0',
      'AKSWindows-2022-containerd-20348.3207.250214',
    ],
  ])('does not compare with %s', (_case, current, latest) => {
    expect(compareImages(current, latest)).toBe('familyChange');
  });

  it.each([
    ['', 'AKSUbuntu-2204gen2containerd-202611.11.0'],
    ['AKSUbuntu-2204gen2containerd-202611.11.0', ''],
    ['AKSUbuntu-2204gen2containerd-latest', 'AKSUbuntu-2204gen2containerd-202611.11.0'],
    ['AKSUbuntu-2204gen2containerd-202611.1.0', 'AKSUbuntu-2204gen2containerd-202611.11.0'],
  ])('makes nothing of %p against %p', (current, latest) => {
    expect(compareImages(current, latest)).toBe('unknown');
  });

  it('says the opposite when the two change places', () => {
    fc.assert(
      fc.property(image, image, (a, b) => {
        const there = compareImages(a, b);
        const back = compareImages(b, a);

        expect(back).toBe(there in mirrored ? mirrored[there as keyof typeof mirrored] : there);
      }),
    );
  });

  it('finds every image current against itself', () => {
    fc.assert(
      fc.property(image, (version) => {
        expect(compareImages(version, version)).toBe('current');
      }),
    );
  });

  it('orders the images of one family without a circle', () => {
    const family = fc.array(
      linux.map((version) => version.replace(/^.*?-.*?-/, 'AKSUbuntu-2204-')),
      {
        minLength: 3,
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(family, ([a = '', b = '', c = '']) => {
        fc.pre(compareImages(a, b) === 'stale' && compareImages(b, c) === 'stale');

        expect(compareImages(a, c)).toBe('stale');
      }),
    );
  });
});

describe('imageFamily', () => {
  it.each([
    ['AKSUbuntu-2204gen2containerd-202611.11.0', 'AKSUbuntu-2204gen2containerd'],
    ['AKSWindows-2022-containerd-20348.3207.250214', 'AKSWindows-2022-containerd'],
    ['something else', 'something else'],
  ])('of %s is %s', (version, family) => {
    expect(imageFamily(version)).toBe(family);
  });
});
