export const greeting = () => `lazily ${process.env.GREETING}`;
