// One instance is one tile of the atlas with its gutter: four corners from the vertex number.
layout(location = 0) in vec4 a_rectangle;  // first texel x, y, then width, height, without the gutter
layout(location = 1) in vec2 a_style;      // palette, scale

uniform vec2 u_atlas_size;  // texels

flat out ivec4 v_inside;  // first and last texel of the tile
flat out int v_palette;
flat out float v_scale;

void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 texel = a_rectangle.xy - 1.0 + corner * (a_rectangle.zw + 2.0);
  v_inside = ivec4(ivec2(a_rectangle.xy), ivec2(a_rectangle.xy + a_rectangle.zw) - 1);
  v_palette = int(a_style.x);
  v_scale = a_style.y;
  gl_Position = vec4(texel / u_atlas_size * 2.0 - 1.0, 0.0, 1.0);
}
