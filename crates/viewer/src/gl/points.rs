use super::{gl_mat4, gl_vec3};
use crate::marks::TABLE_WIDTH;
use crate::shaders::{POINTS_FRAGMENT, POINTS_VERTEX};
use crate::{Cloud, Colouring, Marks, SeeThrough, Style, Theme};
use glam::{Mat4, Vec3};
use scene::Aabb;
use three_d::{
    Blend, Context, CoreError, CpuTexture, Cull, DepthTest, Interpolation, Program, RenderStates,
    Texture2D, TextureData, Vec2 as GlVec2, VertexBuffer, Viewport, WriteMask,
};
use web_sys::WebGl2RenderingContext as Gl;

/// The cloud on the GPU, drawn as GL points.
///
/// three-d knows no point primitive; its program is set up as usual and the draw call itself is
/// ours, through [`Program::draw_with`].
pub(super) struct PointsPass {
    gl: Gl,
    context: Context,
    program: Program,
    positions: VertexBuffer<[f32; 3]>,
    colours: VertexBuffer<[u8; 4]>,
    instances: VertexBuffer<u16>,
    objects: Texture2D,
    count: i32,
    max_id: u16,
    spacing_m: f32,
    up: Vec3,
    /// Lowest and highest along up.
    heights: [f32; 2],
}

/// What changes from frame to frame.
pub(super) struct PointsFrame<'a> {
    pub(super) clip_from_scene: Mat4,
    /// Drawing-buffer pixels that a metre takes at a metre's distance.
    pub(super) px_per_radian: f32,
    pub(super) pixel_ratio: f32,
    pub(super) hidden: SeeThrough,
    pub(super) dimming: f32,
    pub(super) style: &'a Style,
    /// How far the camera is from what it looks at, metres.
    pub(super) distance_m: f32,
    /// Which part of the points is drawn, the first ones.
    pub(super) share: f32,
    pub(super) theme: &'a Theme,
    pub(super) viewport: Viewport,
}

impl PointsPass {
    pub(super) fn new(gl: &Gl, context: &Context) -> Result<Self, CoreError> {
        Ok(Self {
            gl: gl.clone(),
            context: context.clone(),
            program: Program::from_source(context, POINTS_VERTEX, POINTS_FRAGMENT)?,
            positions: VertexBuffer::new(context),
            colours: VertexBuffer::new(context),
            instances: VertexBuffer::new(context),
            objects: object_table(context, &Marks::default(), 0),
            count: 0,
            max_id: 0,
            spacing_m: 0.01,
            up: Vec3::Z,
            heights: [0.0, 1.0],
        })
    }

    pub(super) fn set_cloud(&mut self, cloud: &Cloud) {
        self.colours = VertexBuffer::new_with_data(&self.context, &cloud.colours);
        self.set_places(cloud);
    }

    /// The same points elsewhere, or of other objects.
    pub(super) fn set_places(&mut self, cloud: &Cloud) {
        // New buffers, never filled again; see [`super`].
        self.positions = VertexBuffer::new_with_data(&self.context, &cloud.positions);
        self.count = i32::try_from(cloud.positions.len()).unwrap_or(i32::MAX);
        self.spacing_m = cloud.spacing();
        self.up = cloud.up.try_normalize().unwrap_or(Vec3::Z);
        let (middle, half) = (cloud.bounds.centre(), cloud.bounds.size() / 2.0);
        let (middle, half) = (middle.dot(self.up), half.dot(self.up.abs()));
        self.heights = [middle - half, middle + half];
        self.set_objects(cloud);
    }

    /// The same points where they are, of other objects.
    pub(super) fn set_objects(&mut self, cloud: &Cloud) {
        self.instances = VertexBuffer::new_with_data(&self.context, &cloud.instances);
        self.max_id = cloud.instances.iter().copied().max().unwrap_or(0);
        self.set_marks(&Marks::default());
    }

    pub(super) fn set_marks(&mut self, marks: &Marks) {
        self.objects = object_table(&self.context, marks, self.max_id);
    }

    pub(super) fn draw(&self, frame: &PointsFrame<'_>) {
        // Filling a buffer with nothing leaves it unbound, and drawing then is an error.
        if self.count == 0 {
            return;
        }
        let program = &self.program;
        program.use_uniform("clip_from_scene", gl_mat4(frame.clip_from_scene));
        let style = frame.style;
        // Fewer points are each larger, or gaps would open while the view moves.
        let grown = 1.5 * style.size / frame.share.max(1e-3).sqrt().max(0.35);
        program.use_uniform("point_scale", grown * self.spacing_m * frame.px_per_radian);
        let (least, greatest) = (1.6 * frame.pixel_ratio, 22.0 * frame.pixel_ratio);
        program.use_uniform("size_range", GlVec2::new(least * style.size.min(1.0), greatest));
        program.use_uniform("nearness", if style.attenuated { 0.0 } else { frame.distance_m });
        let clip =
            style.clip.unwrap_or(Aabb { min: SeeThrough::OFF.low, max: SeeThrough::OFF.high });
        program.use_uniform("clip_low", gl_vec3(clip.min));
        program.use_uniform("clip_high", gl_vec3(clip.max));
        program.use_uniform("hide_below", gl_vec3(frame.hidden.low));
        program.use_uniform("hide_above", gl_vec3(frame.hidden.high));
        program.use_uniform("dimming", frame.dimming);
        let is = |colouring| f32::from(u8::from(style.colouring == colouring));
        program.use_uniform("object_colours", is(Colouring::Objects));
        program.use_uniform("height_colours", is(Colouring::Height));
        program.use_uniform("heights", GlVec2::from(self.heights));
        program.use_uniform("up", gl_vec3(self.up));
        program.use_uniform("background", three_d::Vec3::from(frame.theme.background));
        program.use_texture("objects", &self.objects);
        program.use_vertex_attribute("position", &self.positions);
        program.use_vertex_attribute("colour", &self.colours);
        program.use_vertex_attribute("instance", &self.instances);
        let states = RenderStates {
            write_mask: WriteMask::COLOR_AND_DEPTH,
            depth_test: DepthTest::Less,
            blend: Blend::Disabled,
            cull: Cull::None,
        };
        let count = (self.count as f32 * frame.share.clamp(0.0, 1.0)) as i32;
        program.draw_with(states, frame.viewport, || {
            self.gl.draw_arrays(Gl::POINTS, 0, count);
        });
    }
}

fn object_table(context: &Context, marks: &Marks, max_id: u16) -> Texture2D {
    let table = marks.table(max_id);
    let height = table.len() as u32 / TABLE_WIDTH;
    let texture = CpuTexture {
        data: TextureData::RgbaU8(table),
        width: TABLE_WIDTH,
        height,
        min_filter: Interpolation::Nearest,
        mag_filter: Interpolation::Nearest,
        mipmap: None,
        ..Default::default()
    };
    Texture2D::new(context, &texture)
}
