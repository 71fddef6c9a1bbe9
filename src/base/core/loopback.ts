const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Whether a host, with or without its port as in a Host header, is this machine by its loopback address; IPv6 in brackets there. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.test(host);

/** The same of an address to listen on or to connect to: only this machine reaches it. */
export const isLoopback = (address: string): boolean =>
  isLoopbackHost(address.includes(':') ? `[${address}]` : address);
