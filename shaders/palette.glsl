// Palettes: how a number becomes a colour. The only place that knows; the legend is drawn through it too.
//
// A signed value v with the scale s (the value that gets the full colour) is placed at
//     t = clamp(v / s, -1, 1)
// and its colour is piecewise linear between five sRGB stops at t = -1, -0.5, 0, 0.5, 1, each channel by itself:
//     p = (t + 1) * 2        0 ... 4
//     i = min(floor(p), 3)
//     colour = stop[i] + (stop[i + 1] - stop[i]) * (p - i)
// in sRGB numbers 0 ... 255 as written below, divided by 255, without any gamma. The texture rounds to the nearest 1/255.
// An image in [0, 1] (palette 3) is grey: colour = clamp(v / s, 0, 1) in all three channels.
// An image in [0, 1] with three channels (palette 4) has them as red, green and blue: colour = clamp(v / s, 0, 1) in each.
// Signed values in three channels (palette 5) likewise, with mid grey for zero: colour = (t + 1) / 2 in each.
// A value that is not a number is magenta (255, 0, 255); so is a texel with one in any channel.

const int kGrey = 3;
const int kColor = 4;
const int kSignedColor = 5;

// Stops at t = -1, -0.5, 0, 0.5, 1.
const vec3 kStops[15] = vec3[15](
    // 0: orange-white-blue: negative orange, positive blue
    vec3(168.0, 74.0, 0.0), vec3(245.0, 147.0, 34.0), vec3(255.0, 255.0, 255.0), vec3(8.0, 119.0, 189.0), vec3(5.0, 52.0, 100.0),
    // 1: blue-green-red, as in WSS17: negative blue, near zero green, positive red
    vec3(0.0, 0.0, 190.0), vec3(0.0, 140.0, 200.0), vec3(60.0, 170.0, 60.0), vec3(235.0, 170.0, 30.0), vec3(200.0, 0.0, 0.0),
    // 2: purple-white-green, told apart with every common colour blindness: negative purple, positive green
    vec3(78.0, 16.0, 100.0), vec3(153.0, 102.0, 180.0), vec3(247.0, 247.0, 247.0), vec3(90.0, 174.0, 97.0), vec3(0.0, 68.0, 27.0));

// Palettes of one channel take the first value.
vec3 palette_color(int palette, vec3 values, float scale) {
  if (any(isnan(values))) return vec3(1.0, 0.0, 1.0);
  if (palette == kColor) return clamp(values / scale, 0.0, 1.0);
  if (palette == kSignedColor) return (clamp(values / scale, -1.0, 1.0) + 1.0) / 2.0;
  if (palette == kGrey) return vec3(clamp(values.r / scale, 0.0, 1.0));
  float p = (clamp(values.r / scale, -1.0, 1.0) + 1.0) * 2.0;
  int i = min(int(floor(p)), 3);
  vec3 low = kStops[palette * 5 + i];
  vec3 high = kStops[palette * 5 + i + 1];
  return (low + (high - low) * (p - float(i))) / 255.0;
}
