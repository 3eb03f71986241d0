// Imported by the Playwright configuration, which its main process and every worker load. When the parent process ends, even by
// `kill -9`, the IPC channel closes and this process ends at once, so that no worker keeps running.
if (process.send !== undefined) {
  if (!process.connected) process.exit(3);
  process.once('disconnect', () => process.exit(3));
}
