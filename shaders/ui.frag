// The font texture is white with an alpha; pictures have colours of their own.
in vec2 v_uv;
in vec4 v_color;

uniform sampler2D u_texture;

out vec4 color;

void main() { color = v_color * texture(u_texture, v_uv); }
