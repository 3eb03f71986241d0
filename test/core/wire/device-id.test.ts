import { expect, test } from 'vitest';
import { isDeviceId } from '../../../core/wire/device-id.ts';

test.each(['a', 'n@m.et#st', "-.+%_#*?!(),:=@;$'", 'a%2Fb', '$edge', 'x'.repeat(128), 'Z9'])(
  'a hub accepts the device ID %s',
  (id) => {
    expect(isDeviceId(id)).toBe(true);
  },
);

test.each(['', 'Line 3', 'gerät', 'a/b', 'a\\b', 'a"b', 'a&b', 'a\n', 'x'.repeat(129)])(
  'a hub refuses the device ID %s',
  (id) => {
    expect(isDeviceId(id)).toBe(false);
  },
);
