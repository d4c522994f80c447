// The page's palettes for plain canvases, as shaders/palette.glsl has them for the picture: five colours from the most negative to the most positive.

const kStops = {
  'orange-blue': [[168, 74, 0], [245, 147, 34], [255, 255, 255], [8, 119, 189], [5, 52, 100]],
  wss17: [[0, 0, 190], [0, 140, 200], [60, 170, 60], [235, 170, 30], [200, 0, 0]],
  'purple-green': [[78, 16, 100], [153, 102, 180], [247, 247, 247], [90, 174, 97], [0, 68, 27]],
};

/** Red, green and blue, 0 to 255, of a signed value; `scale` is the value that gets the full colour, `palette` as in state().view. */
export function signedColor(value, scale, palette) {
  const stops = kStops[palette] ?? kStops['orange-blue'];
  const place = (Math.max(-1, Math.min(1, scale > 0 ? value / scale : 0)) + 1) * 2;
  const low = Math.min(Math.floor(place), 3);
  return stops[low].map((channel, i) => Math.round(channel + (stops[low + 1][i] - channel) * (place - low)));
}
