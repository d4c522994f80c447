// Colours one texel of the atlas from the value at the same place. The gutter repeats the tile's edge.
flat in ivec4 v_inside;
flat in int v_palette;
flat in float v_scale;

uniform highp sampler2D u_values;  // R32F

out vec4 color;

void main() {
  ivec2 texel = clamp(ivec2(gl_FragCoord.xy), v_inside.xy, v_inside.zw);
  float value = texelFetch(u_values, texel, 0).r;
  color = vec4(palette_color(v_palette, value, v_scale), 1.0);
}
