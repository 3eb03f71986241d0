import type { View } from '../define-report.ts';
import { colourPaint, type Paint, plainPaint } from './paint.ts';

/** Returns the colours of a view, or none. */
export function paintOf({ colour }: Pick<View, 'colour'>): Paint {
  return colour ? colourPaint : plainPaint;
}
