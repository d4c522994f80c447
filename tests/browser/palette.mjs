// The palettes of shaders/palette.glsl once more, written anew from its description, so that the tests do not believe the shader.

const STOPS = {
  orangeBlue: [[168, 74, 0], [245, 147, 34], [255, 255, 255], [8, 119, 189], [5, 52, 100]],
};

/** The colour of three signed values as red, green and blue: mid grey is zero. */
export const signedColor = (values, scale) => values.map((value) => (255 * (Math.max(-1, Math.min(1, value / scale)) + 1)) / 2);

/** The colour, 0 … 255, of a signed value; `scale` is the value that gets the full colour. */
export function paletteColor(value, scale, palette = 'orangeBlue') {
  const stops = STOPS[palette];
  const t = Math.max(-1, Math.min(1, value / scale));
  const place = (t + 1) * 2;
  const low = Math.min(Math.floor(place), 3);
  return stops[low].map((channel, i) => channel + (stops[low + 1][i] - channel) * (place - low));
}
