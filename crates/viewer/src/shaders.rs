//! GLSL ES 3.00 of the two programs; three-d puts version and precision in front.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "compiled by WebGL alone"))]

/// Points: projected, sized by distance, tinted by what their object's texel says.
pub(crate) const POINTS_VERTEX: &str = "
uniform mat4 clip_from_scene;
uniform float point_scale;      // drawing-buffer pixels of one point at one metre
uniform vec2 size_range;        // least and greatest size, drawing-buffer pixels
uniform vec3 hide_below;
uniform vec3 hide_above;
uniform sampler2D objects;      // 256 wide: accent colour, state
uniform float dimming;          // 0: everything bright, 1: only lit objects
uniform vec3 background;
uniform float object_colours;   // 1: every object in its texel's colour

in vec3 position;
in uvec4 colour;
in uint instance;

out vec3 shade;

void main() {
    int id = int(instance);
    int rows = textureSize(objects, 0).y;
    // Textures are stored bottom row first.
    vec4 object = texelFetch(objects, ivec2(id % 256, rows - 1 - id / 256), 0);
    float lit = step(0.75, object.a);
    float hovered = step(0.4, object.a) - lit;
    bool gone = object.a > 0.2 && object.a < 0.4;

    vec3 own = vec3(colour.rgb) / 255.0;
    vec3 grey = vec3(dot(own, vec3(0.299, 0.587, 0.114)));
    // Shape is read from the shades that the scan's own colours leave.
    vec3 by_object = id == 0 ? grey * 0.55 + 0.1 : object.rgb * (0.6 + 0.5 * grey);
    own = mix(own, by_object, object_colours);
    grey = mix(grey, own, object_colours);
    vec3 dim = mix(mix(own, grey, 0.55), background, 0.5);
    vec3 bright = mix(min(own * 1.12 + 0.06, 1.0), object.rgb, 0.14);
    shade = mix(mix(own, dim, dimming), bright, max(lit, hovered));

    gl_Position = clip_from_scene * vec4(position, 1.0);
    float size = point_scale / max(gl_Position.w, 1e-4);
    gl_PointSize = clamp(size, size_range.x, size_range.y);

    bool hidden = id == 0
        && (any(lessThan(position, hide_below)) || any(greaterThan(position, hide_above)));
    if (hidden || gone) {
        gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    }
}
";

/// Points: round, a little darker at the rim so that neighbours stay apart.
pub(crate) const POINTS_FRAGMENT: &str = "
in vec3 shade;
layout (location = 0) out vec4 pixel;

void main() {
    vec2 from_middle = gl_PointCoord * 2.0 - 1.0;
    float r2 = dot(from_middle, from_middle);
    if (r2 > 1.0) {
        discard;
    }
    pixel = vec4(shade * (1.0 - 0.12 * r2), 1.0);
}
";

/// Lines: each end moved half a width sideways on the screen.
pub(crate) const LINES_VERTEX: &str = "
uniform mat4 clip_from_scene;
uniform vec2 half_width;        // half the line's width over half the drawing buffer

in vec3 here;
in vec3 there;
in float side;
in vec3 colour;

out vec3 shade;

void main() {
    vec4 a = clip_from_scene * vec4(here, 1.0);
    vec4 b = clip_from_scene * vec4(there, 1.0);
    // An end behind the eye is pulled to just before it, or its direction would flip.
    const float near = 0.01;
    if (a.w < near && b.w > near) {
        a = mix(a, b, (near - a.w) / (b.w - a.w));
    } else if (b.w < near && a.w > near) {
        b = mix(b, a, (near - b.w) / (a.w - b.w));
    }
    vec2 along = (b.xy / b.w - a.xy / a.w) / half_width;
    float length_px = max(length(along), 1e-6);
    vec2 normal = vec2(-along.y, along.x) / length_px;
    gl_Position = a + vec4(normal * side * half_width * a.w, 0.0, 0.0);
    shade = colour;
}
";

/// Lines: one colour, as opaque as asked.
pub(crate) const LINES_FRAGMENT: &str = "
uniform float opacity;

in vec3 shade;
layout (location = 0) out vec4 pixel;

void main() {
    pixel = vec4(shade, opacity);
}
";
