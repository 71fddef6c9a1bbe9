// picomatch 4 comes without types; what korex uses of it.
declare module 'picomatch' {
  const picomatch: {
    (pattern: string): (path: string) => boolean;
    scan(pattern: string): { readonly base: string; readonly isGlob: boolean };
  };
  export default picomatch;
}
