//! GLSL ES 3.00 of the three programs; three-d puts version and precision in front.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "compiled by WebGL alone"))]

/// Points: projected, sized by distance, tinted by what their object's texel says.
pub(crate) const POINTS_VERTEX: &str = "
uniform mat4 clip_from_scene;
uniform float point_scale;      // drawing-buffer pixels of one point at one metre
uniform vec2 size_range;        // least and greatest size, drawing-buffer pixels
uniform float nearness;         // 0, or where points are as large far off: the distance they are sized for
uniform vec3 hide_below;        // of what belongs to no object
uniform vec3 hide_above;
uniform vec3 clip_low;          // of everything
uniform vec3 clip_high;
uniform sampler2D objects;      // 256 wide: accent colour, state
uniform float dimming;          // 0: everything bright, 1: only lit objects
uniform vec3 background;
uniform float object_colours;   // 1: every object in its texel's colour
uniform float height_colours;   // 1: by height
uniform vec2 heights;           // lowest and highest
uniform vec3 up;

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
    float height = clamp((dot(position, up) - heights.x) / max(heights.y - heights.x, 1e-6), 0.0, 1.0);
    vec3 by_height = height < 0.5
        ? mix(vec3(0.20, 0.22, 0.55), vec3(0.13, 0.62, 0.55), height * 2.0)
        : mix(vec3(0.13, 0.62, 0.55), vec3(0.98, 0.86, 0.30), height * 2.0 - 1.0);
    own = mix(own, by_height, height_colours);
    grey = mix(grey, own, object_colours);
    vec3 dim = mix(mix(own, grey, 0.55), background, 0.5);
    vec3 bright = mix(min(own * 1.12 + 0.06, 1.0), object.rgb, 0.14);
    shade = mix(mix(own, dim, dimming), bright, max(lit, hovered));

    gl_Position = clip_from_scene * vec4(position, 1.0);
    float size = point_scale / max(nearness > 0.0 ? nearness : gl_Position.w, 1e-4);
    gl_PointSize = clamp(size, size_range.x, size_range.y);

    bool hidden = id == 0
        && (any(lessThan(position, hide_below)) || any(greaterThan(position, hide_above)));
    bool clipped = any(lessThan(position, clip_low)) || any(greaterThan(position, clip_high));
    if (hidden || gone || clipped) {
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

/// Relief: one triangle over the whole picture.
pub(crate) const RELIEF_VERTEX: &str = "
out vec2 place;                 // 0..1 over the picture

void main() {
    place = vec2(gl_VertexID == 1 ? 2.0 : 0.0, gl_VertexID == 2 ? 2.0 : 0.0);
    gl_Position = vec4(place * 2.0 - 1.0, 0.0, 1.0);
}
";

/// Relief: eye-dome lighting (Boucheny 2009), each pixel darker the farther it lies behind its
/// neighbours, in ratios of distance; and surfaces in the colour of where they face.
pub(crate) const RELIEF_FRAGMENT: &str = "
uniform sampler2D picture;
uniform sampler2D depths;
uniform vec2 near_far;          // metres
uniform vec2 half_picture;      // at one metre, across and up, metres
uniform mat3 scene_from_view;
uniform float strength;
uniform float reach;            // pixels
uniform float facing;           // 1: coloured by where surfaces face

in vec2 place;
layout (location = 0) out vec4 pixel;

// Along the view, metres; nothing drawn is as far as can be.
float distance_at(ivec2 at) {
    ivec2 last = textureSize(depths, 0) - 1;
    float ndc = texelFetch(depths, clamp(at, ivec2(0), last), 0).r * 2.0 - 1.0;
    return 2.0 * near_far.x * near_far.y / (near_far.y + near_far.x - ndc * (near_far.y - near_far.x));
}

// In the frame of the eye, metres.
vec3 point_at(ivec2 at, float distance) {
    vec2 across = (vec2(at) + 0.5) / vec2(textureSize(depths, 0)) * 2.0 - 1.0;
    return vec3(across * half_picture, -1.0) * distance;
}

// From the point here to that of the neighbour on the side where the surface goes on.
vec3 along(ivec2 here, ivec2 step, vec3 middle) {
    float before = distance_at(here - step);
    float after = distance_at(here + step);
    return abs(before + middle.z) < abs(after + middle.z)
        ? middle - point_at(here - step, before)
        : point_at(here + step, after) - middle;
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    float depth = texelFetch(depths, here, 0).r;
    vec3 own = texelFetch(picture, here, 0).rgb;
    gl_FragDepth = depth;
    if (depth >= 1.0) {
        pixel = vec4(own, 1.0);
        return;
    }
    float distance = distance_at(here);
    if (facing > 0.5) {
        vec3 middle = point_at(here, distance);
        int step = max(int(reach), 1) * 2;
        vec3 normal = cross(along(here, ivec2(step, 0), middle), along(here, ivec2(0, step), middle));
        normal = scene_from_view * normal / max(length(normal), 1e-12);
        own = normal * 0.4 + 0.55;
    }
    float behind = 0.0;
    for (int k = 0; k < 8; k++) {
        float angle = float(k) * 0.785398;
        ivec2 beside = here + ivec2(round(vec2(cos(angle), sin(angle)) * reach));
        // No limit would let a far wall behind a chair be black all round it.
        behind += clamp(log2(distance / distance_at(beside)), 0.0, 0.04);
    }
    pixel = vec4(own * exp(-strength * behind / 8.0), 1.0);
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
