/**
 * Packages that the bundle does not contain and imports at run time. Playwright Test and vitest must be the instances that run the suite of
 * the user, and tinypool finds its own files beside its code.
 */
export const externalPackages = ['@playwright/test', 'vitest', 'tinypool'];
