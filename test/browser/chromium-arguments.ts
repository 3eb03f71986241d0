/**
 * Features of Chromium that the tests do not need. If Chromium gets several lists, it reads only the last one, so this list also has the
 * features that Playwright disables for stable tests without a network.
 */
const disabledFeatures = [
  // The address field of an invisible window. Chromium draws it for each page, which took half the processor time of a test.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** The command-line arguments of Chromium. For the user root, for example in a container, Chromium starts only without its sandbox. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  `--disable-features=${disabledFeatures.join(',')}`,
];
