// Colours one texel of the atlas from the value at the same place, or from three, whose planes lie below each other. The gutter
// repeats the tile's edge.
flat in ivec4 v_inside;
flat in int v_palette;
flat in float v_scale;

uniform highp sampler2D u_values;  // R32F

out vec4 color;

void main() {
  ivec2 texel = clamp(ivec2(gl_FragCoord.xy), v_inside.xy, v_inside.zw);
  vec3 values = vec3(texelFetch(u_values, texel, 0).r);
  if (v_palette >= kColor) {
    ivec2 plane = ivec2(0, v_inside.w - v_inside.y + 1);
    values.gb = vec2(texelFetch(u_values, texel + plane, 0).r, texelFetch(u_values, texel + 2 * plane, 0).r);
  }
  color = vec4(palette_color(v_palette, values, v_scale), 1.0);
}
