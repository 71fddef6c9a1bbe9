import pino, { type Logger } from 'pino';

/** Structured logs on stderr, without the text of any request. */
export const createLog = (level: string): Logger =>
  pino({ name: 'korex', level }, pino.destination({ fd: 2, sync: true }));
