/**
 * Packages that the bundle does not contain and imports at run time. Playwright Test and vitest must be the same installations that run the
 * suite of the user. tinypool is not bundled, because it looks for its own files beside its code.
 */
export const externalPackages = ['@playwright/test', 'vitest', 'tinypool'];
