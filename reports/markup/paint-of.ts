import type { View } from '../define-report.ts';
import { colourPaint, type Paint, plainPaint } from './paint.ts';

/** Returns the function that colours the texts of a view; if the view has no colour, this function returns texts unchanged. */
export function paintOf({ colour }: Pick<View, 'colour'>): Paint {
  return colour ? colourPaint : plainPaint;
}
