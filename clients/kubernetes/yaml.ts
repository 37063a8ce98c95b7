/** Loaded only when a kubeconfig is read. A bundle sees the names of this CommonJS package in a static import only. */
export { parse } from 'yaml';
