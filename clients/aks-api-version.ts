/** api-version of raw calls: the one that the pinned SDK sends. */
export const aksApiVersion = '2026-06-01';
