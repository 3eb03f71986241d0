// Imported by the Playwright configuration, which its main process and every worker load: when the process that started
// this one is gone, even by `kill -9`, the channel to it closes and this one ends at once. Nobody is left playing.
if (process.send !== undefined) {
  if (!process.connected) process.exit(3);
  process.once('disconnect', () => process.exit(3));
}
