import type { AppSettings } from './app-settings';

/**
 * Tells the app, through its environment, where it runs. Without a usable `WEBSITE_HOSTNAME` the SDK
 * of Durable Functions would call another port; with a proxy set it would look for this host there.
 */
export function describeHost(settings: AppSettings, host: string): void {
  const given = settings.get('WEBSITE_HOSTNAME') ?? '';
  if (given === '' || given.includes('0.0.0.0')) settings.set('WEBSITE_HOSTNAME', host);
  for (const name of ['NO_PROXY', 'no_proxy']) {
    const listed = (settings.get(name) ?? '').split(',').filter((each) => each !== '');
    settings.set(name, [...new Set([...listed, '127.0.0.1', 'localhost', '::1'])].join(','));
  }
}
